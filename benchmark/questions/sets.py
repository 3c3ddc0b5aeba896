"""Find the questions that `--questions` names."""

from __future__ import annotations

from pathlib import Path

from benchmark.questions.builtin import read_builtin, read_opinions
from benchmark.questions.files import FORMATS, read_file
from benchmark.questions.generated import read_generated
from benchmark.questions.hub import HUB_SETS, read_hub_set
from benchmark.questions.question import Question, QuestionError, QuestionSet

BUILTIN, OPINIONS, GENERATED = "builtin", "opinions", "generated:"


def load_question_set(source: str, languages: tuple[str, ...], limit: int | None = None, seed: int = 0) -> QuestionSet:
    """The questions of a source in the languages wanted.

    Args:
        source: "builtin"; "opinions"; "generated:N"; the name of a public set, or NAME@FOLDER for
            a copy of it on disk; or a path ending in .jsonl, .csv or .parquet.
        languages: codes; questions in other languages are checked but left out.
        limit: ask the first `limit` question ids.
        seed: of generated questions.

    Raises:
        QuestionError: the source is unknown, a row is bad, or nothing is left.
    """
    name, rows = _read(source, languages, seed)
    grouped: dict[str, dict[str, Question]] = {}
    for row in rows:
        grouped.setdefault(row.question_id, {})
        if row.language in languages:
            grouped[row.question_id][row.language] = row
    kept = {question_id: versions for question_id, versions in grouped.items() if versions}
    if not kept:
        present = sorted({row.language for row in rows})
        raise QuestionError(
            f"{source} holds no question in {', '.join(languages)}; its languages are {', '.join(present) or 'none'}."
        )
    return QuestionSet(name, dict(list(kept.items())[:limit]), kept)


def _read(source: str, languages: tuple[str, ...], seed: int) -> tuple[str, list[Question]]:
    if source == BUILTIN:
        return source, list(read_builtin(languages))
    if source == OPINIONS:
        return source, list(read_opinions(languages))
    if source.startswith(GENERATED):
        count = source.removeprefix(GENERATED)
        if not count.isdigit() or int(count) < 1:
            raise QuestionError(f"--questions {source}: {count!r} is no number of questions; write generated:200.")
        return source, list(read_generated(int(count), languages, seed))
    name, _, folder = source.partition("@")
    if name in HUB_SETS:
        return name, read_hub_set(HUB_SETS[name], languages, Path(folder) if folder else None)
    path = Path(source)
    if path.suffix not in FORMATS:
        raise QuestionError(
            f"--questions {source}: unknown. Known: {BUILTIN}, {OPINIONS}, {GENERATED}N, {', '.join(HUB_SETS)}, "
            f"or a file ending in {', '.join(FORMATS)}."
        )
    return path.stem, read_file(path)
