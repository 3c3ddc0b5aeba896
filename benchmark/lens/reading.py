"""Read stored trials through the lens, at the same cuts as the probe."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from benchmark.lens.layers import LensError, LensModel, read_layers
from benchmark.probing.cutting import CUTS, Prefix, cut_by_tokens
from benchmark.probing.forcing import IN_BLOCK, THINK, Cue, find_cue, force
from benchmark.probing.replaying import Sample, StoredTrial, list_trials, replay
from benchmark.store.live import open_live
from benchmark.store.publish import publish
from languages import LETTERS


def read_stored(
    db: Path,
    entry_id: str,
    opened: LensModel,
    chat_template_kwargs: dict[str, Any],
    sample: Sample,
) -> int:
    """Read every sampled trial of an entry that was not read before, and publish; returns how many were.

    Args:
        db: the results file.
        entry_id: whose trials.
        opened: the same model.
        chat_template_kwargs: the entry's.
        sample: which trials.

    Raises:
        LensError: the tokenizer has no chat template, or no tokens for the letters.
    """
    done = 0
    with open_live(db) as store:
        known = {row["trial_id"]: set(row["cuts"]) for row in store.read("lens_known", {"entry_id": entry_id})}
    try:
        for page in list_trials(db, entry_id, sample):
            rows: list[dict[str, Any]] = []
            for stored in page:
                if known.get(stored.trial.trial_id, set()) < set(CUTS):
                    added = read_trial(opened, stored, chat_template_kwargs)
                    rows += [{"entry_id": entry_id, **row} for row in added]
                    done += 1
            with open_live(db) as store:
                store.add_lens(rows)
    finally:
        with open_live(db) as store:
            publish(store)
    return done


def read_trial(opened: LensModel, stored: StoredTrial, chat_template_kwargs: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of `lens`, less the entry.

    Raises:
        LensError: as `read_stored`.
    """
    messages = asyncio.run(replay(stored))
    try:
        prompt = opened.tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True, **chat_template_kwargs
        )
    except ValueError as error:
        raise LensError(f"its tokenizer cannot lay out a conversation ({error}).") from None
    started = stored.channel in IN_BLOCK and prompt.rstrip().endswith(THINK)
    cue = find_cue(stored.trial.language)
    readings: dict[str, list[list[float]]] = {}
    rows = []
    for prefix in cut_in_process(opened.tokenizer, stored.reasoning):
        reply = force(prefix.text, stored.channel, cue, started)
        if reply not in readings:
            readings[reply] = read_layers(opened, *_encode(opened.tokenizer, f"{prompt}{reply}", cue))
        for layer, shares in enumerate(readings[reply]):
            named = {f"p_{letter.lower()}": share for letter, share in zip(LETTERS, shares, strict=True)}
            rows.append({"trial_id": stored.trial.trial_id, "layer": layer, "cut": prefix.cut, **named})
    return rows


def cut_in_process(tokenizer: Any, text: str) -> list[Prefix]:
    """The prefixes of a text in the tokens of a fast tokenizer of transformers."""
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    ends = [end for _, end in encoded["offset_mapping"]]
    return cut_by_tokens(text, len(ends), lambda count: int(ends[count - 1]))


def _encode(tokenizer: Any, text: str, cue: Cue) -> tuple[list[int], list[int]]:
    """The ids of a text that ends with the cue, and of each letter as the token after them.

    Whether the gap before the letter is a token of its own is the tokenizer's to say.
    """
    whole = [tokenizer(f"{text}{cue.gap}{letter}", add_special_tokens=False)["input_ids"] for letter in LETTERS]
    if any(ids[:-1] != whole[0][:-1] for ids in whole) or len({ids[-1] for ids in whole}) < len(LETTERS):
        raise LensError(f"its tokenizer has no single token for a letter after {cue.text!r}.")
    return whole[0][:-1], [ids[-1] for ids in whole]
