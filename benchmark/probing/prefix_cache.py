"""How much of the prompts vLLM's prefix cache served, from the counters that it shows at /metrics."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp

from benchmark.endpoint import ModelAddress
from benchmark.probing.asking import find_root

QUERIES, HITS = "vllm:prefix_cache_queries_total", "vllm:prefix_cache_hits_total"
TIMEOUT_S = 30


@dataclass(frozen=True)
class PrefixCache:
    """Prompt tokens looked up in the cache, and those found there. They count everybody's requests."""

    queries: float
    hits: float

    @property
    def hit_rate(self) -> float | None:
        """Share of the tokens that were found; None where none were looked up."""
        return self.hits / self.queries if self.queries else None

    def since(self, before: PrefixCache) -> PrefixCache:
        """What came in between."""
        return PrefixCache(self.queries - before.queries, self.hits - before.hits)


async def read_prefix_cache(session: aiohttp.ClientSession, address: ModelAddress) -> PrefixCache | None:
    """The counters as they stand; None where the server shows none."""
    try:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with session.get(f"{find_root(address)}/metrics", timeout=timeout) as reply:
            text = (await reply.read()).decode("utf-8", "replace") if reply.status == 200 else ""
    except (aiohttp.ClientError, TimeoutError, OSError):
        return None
    return parse_prefix_cache(text)


def parse_prefix_cache(text: str) -> PrefixCache | None:
    """The counters, summed over engines, of a page in Prometheus's text format."""
    totals: dict[str, float] = {}
    for line in text.splitlines():
        name = line.partition("{")[0].partition(" ")[0]
        if name in (QUERIES, HITS):
            totals[name] = totals.get(name, 0.0) + float(line.rsplit(" ", 1)[1])
    return PrefixCache(totals[QUERIES], totals[HITS]) if len(totals) == 2 else None
