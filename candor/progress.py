"""Progress on the terminal: a live bar where there is one, a line now and then where not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmark.runner import Tally

LINE_EVERY_S = 15.0


@contextmanager
def show_tally(console: Console, label: str, already: int, total: int) -> Iterator[Callable[[Tally], None]]:
    """Gives a function to call after every change of the tally."""
    began = time.monotonic()

    def rate(tally: Tally) -> float:
        return tally.done / max(time.monotonic() - began, 1e-9)

    if not console.is_terminal:
        last = 0.0

        def print_line(tally: Tally) -> None:
            nonlocal last
            finished = already + tally.done + tally.refused
            if time.monotonic() - last < LINE_EVERY_S and finished < total:
                return
            last = time.monotonic()
            left = (total - finished) / rate(tally) if tally.done else float("nan")
            console.print(
                f"  {label}: {finished}/{total} trials, {rate(tally):.1f}/s, {tally.refused} errors, {left:.0f} s left",
                highlight=False,
            )

        yield print_line
        return
    columns = [
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f}/s, {task.fields[errors]} errors"),
        TimeRemainingColumn(),
    ]
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(label, total=total, completed=already, rate=0.0, errors=0)

        def update(tally: Tally) -> None:
            progress.update(task, completed=already + tally.done, rate=rate(tally), errors=tally.refused)

        yield update


@contextmanager
def show_waiting(console: Console, label: str) -> Iterator[Callable[[float, str], None]]:
    """Gives a function to call while something starts, with the seconds gone by and its latest line."""
    last = 0.0
    if not console.is_terminal:

        def print_line(seconds: float, line: str) -> None:
            nonlocal last
            if seconds - last >= LINE_EVERY_S:
                last = seconds
                console.print(f"  {label}: {seconds:.0f} s … {line[:120]}", markup=False, highlight=False)

        yield print_line
        return
    with console.status(label) as status:
        yield lambda seconds, line: status.update(f"{label} {seconds:.0f} s [dim]{_escape(line[:90])}[/]")


@contextmanager
def show_bytes(console: Console, label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Gives a function to call with the bytes of a file that were dealt with."""
    if not console.is_terminal:
        yield lambda length: None
        return
    columns = [TextColumn("  {task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()]
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda length: progress.advance(task, length)


def _escape(text: str) -> str:
    return text.replace("[", "\\[")
