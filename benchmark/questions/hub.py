"""Public parallel sets on the Hugging Face Hub, read through `datasets`.

Each set is one entry of HUB_SETS: where it lies, what its languages are called
there, which columns join the languages, and where question, options and key stand.
Rows are streamed once and kept in a cache as plain JSONL.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock

from benchmark.caching import cache_folder
from benchmark.questions.question import Question, QuestionError
from benchmark.seeding import digest, generator
from languages import LETTERS

LOCAL_FORMATS = {".jsonl": "json", ".json": "json", ".csv": "csv", ".parquet": "parquet"}
NO_OPTION = ("", "N/A", None)
# Part of every cache file's name: raise it when rows are read differently.
READING = "1"

Row = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """What a row says: `join` is the same in every language."""

    join: str
    question: str
    options: tuple[str, ...]
    answer_index: int
    category: str = ""


@dataclass(frozen=True)
class HubSet:
    """One public set.

    `configs` maps our language codes to the set's own; `columns` are those that
    `read` needs; `read` gets a row and its number.
    """

    name: str
    path: str
    split: str
    licence: str
    configs: dict[str, str]
    columns: tuple[str, ...]
    read: Callable[[Row, int], Item]


def read_hub_set(hub_set: HubSet, languages: tuple[str, ...], folder: Path | None = None) -> list[Question]:
    """The set's questions in those of the languages that it has, in an order that mixes its subjects.

    Args:
        hub_set: which set.
        languages: codes wanted; those that the set lacks are left out (the plan says so).
        folder: a copy on disk, one file a language named as the set's own configs, instead of the Hub.

    Raises:
        QuestionError: `datasets` is missing, nothing can be read, or the columns are not the expected ones.
    """
    questions: list[Question] = []
    for language in languages:
        if language not in hub_set.configs:
            continue
        items = _read_language(hub_set, language, folder)
        questions += [_to_question(hub_set, item, language) for item in items]
    # The sets are sorted by subject, so the first N would be all of one kind.
    return sorted(questions, key=lambda question: digest("order", question.question_id))


def _read_language(hub_set: HubSet, language: str, folder: Path | None) -> list[Item]:
    if folder is not None:
        return list(_read_items(hub_set, _open_copy(hub_set, language, folder), f"{folder}, {language}"))
    cache = cache_folder("questions") / f"{hub_set.name}-{language}-{READING}.jsonl"
    cache.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(cache.with_suffix(".lock")):
        if cache.exists():
            return [Item(**{**row, "options": tuple(row["options"])}) for row in map(orjson.loads, cache.open("rb"))]
        items = list(_read_items(hub_set, _open_remote(hub_set, language), f"{hub_set.path}, {language}"))
        unfinished = cache.with_suffix(".part")
        unfinished.write_bytes(b"".join(orjson.dumps(asdict(item), option=orjson.OPT_APPEND_NEWLINE) for item in items))
        unfinished.replace(cache)
        return items


def _open_remote(hub_set: HubSet, language: str) -> Iterable[Row]:
    try:
        return _load(hub_set.path, hub_set.configs[language], split=hub_set.split, streaming=True)
    except QuestionError:
        raise
    except Exception as error:  # `datasets` raises many kinds; to the user they all mean the same
        raise QuestionError(
            f"--questions {hub_set.name}: cannot read {hub_set.path} ({type(error).__name__}: {error}). "
            f"Is there a way to the Hub? A copy on disk is read with --questions {hub_set.name}@FOLDER."
        ) from None


def _open_copy(hub_set: HubSet, language: str, folder: Path) -> Iterable[Row]:
    config = hub_set.configs[language]
    found = [path for path in sorted(folder.glob(f"*{config}.*")) if path.suffix in LOCAL_FORMATS]
    if len(found) != 1:
        raise QuestionError(
            f"--questions {hub_set.name}@{folder}: {len(found)} files for {language}; "
            f"expected one whose name ends in {config}{'|'.join(LOCAL_FORMATS)}."
        )
    return _load(LOCAL_FORMATS[found[0].suffix], data_files=str(found[0]), split="train", streaming=True)


def _load(*arguments: Any, **options: Any) -> Iterable[Row]:
    try:
        from datasets import load_dataset
    except ImportError:
        raise QuestionError(
            "public question sets need the package `datasets`: pip install 'candor-bench[datasets]'."
        ) from None
    # Its every retry is a warning; what came of them is said in one error.
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    rows: Iterable[Row] = load_dataset(*arguments, **options)
    return rows


def _read_items(hub_set: HubSet, rows: Iterable[Row], where: str) -> Iterator[Item]:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if lacking := [column for column in hub_set.columns if column not in row]:
            raise QuestionError(
                f"{where}: column {lacking[0]!r} is missing. Columns found: {', '.join(map(str, row))}."
            )
        try:
            item = hub_set.read(row, number)
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise QuestionError(f"{where}, row {number}: {error}") from None
        if item.join in seen:
            raise QuestionError(f"{where}, row {number}: {item.join!r} stands there twice; languages cannot be joined.")
        seen.add(item.join)
        if len(item.options) >= len(LETTERS):
            yield item


def _to_question(hub_set: HubSet, item: Item, language: str) -> Question:
    question_id = f"{hub_set.name}-{item.join}"
    chosen = choose_four(question_id, len(item.options), item.answer_index)
    return Question(
        question_id=question_id,
        language=language,
        question=item.question,
        options=tuple(item.options[i] for i in chosen),
        answer_index=chosen.index(item.answer_index),
        category=item.category,
        source=hub_set.path,
        licence=hub_set.licence,
    )


def choose_four(question_id: str, count: int, answer_index: int) -> list[int]:
    """The right option and three of the wrong ones, the same in every language, in the source's order."""
    wrong = [i for i in range(count) if i != answer_index]
    kept = generator("options", question_id).sample(wrong, len(LETTERS) - 1)
    return sorted([answer_index, *kept])


def _letter(value: Any, letters: str = "ABCDEFGHIJ") -> int:
    text = str(value).strip()
    if len(text) != 1 or text not in letters:
        raise ValueError(f"the answer {value!r} is no letter of {letters}")
    return letters.index(text)


def _read_benchmax(row: Row, number: int) -> Item:
    options = tuple(str(row[name]).strip() for name in BENCHMAX_OPTIONS)
    return Item(str(number), row["Question"], options, 0, "science")


def _read_belebele(row: Row, number: int) -> Item:
    options = tuple(str(row[f"mc_answer{k}"]) for k in range(1, 5))
    join = digest(row["link"], row["question_number"], length=12)
    return Item(join, f"{row['flores_passage']}\n\n{row['question']}", options, int(row["correct_answer_num"]) - 1)


def _read_global_mmlu(row: Row, number: int) -> Item:
    options = tuple(str(row[f"option_{letter}"]) for letter in "abcd")
    join = str(row["sample_id"]).replace("/", "-")
    return Item(join, row["question"], options, _letter(row["answer"], "ABCD"), str(row["subject"]))


def _read_mmlu_prox(row: Row, number: int) -> Item:
    every = [row.get(f"option_{k}") for k in range(10)]
    options = tuple(str(option) for option in every if option not in NO_OPTION)
    if every[: len(options)] != list(options):
        raise ValueError("an option is missing between two others")
    return Item(str(row["question_id_src"]), row["question"], options, int(row["answer_index"]), str(row["category"]))


def _read_mmmlu(row: Row, number: int) -> Item:
    options = tuple(str(row[letter]) for letter in "ABCD")
    return Item(str(number), row["Question"], options, _letter(row["Answer"], "ABCD"), str(row["Subject"]))


BENCHMAX_OPTIONS = ("Correct Answer", "Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3")
OWN_CODES = {code: code for code in ("en", "zh", "es", "fr", "de", "ja", "vi", "ar", "ko", "ru", "sw", "te", "bn")}
BELEBELE_CODES = {
    "en": "eng_Latn", "zh": "zho_Hans", "es": "spa_Latn", "fr": "fra_Latn", "de": "deu_Latn", "ja": "jpn_Jpan",
    "vi": "vie_Latn", "ar": "arb_Arab", "ko": "kor_Hang", "ru": "rus_Cyrl", "sw": "swh_Latn", "te": "tel_Telu",
    "bn": "ben_Beng",
}  # fmt: skip
MMMLU_CODES = {
    "ar": "AR_XY", "bn": "BN_BD", "de": "DE_DE", "es": "ES_LA", "fr": "FR_FR", "ja": "JA_JP", "ko": "KO_KR",
    "sw": "SW_KE", "zh": "ZH_CN",
}  # fmt: skip
HUB_SETS = {
    hub_set.name: hub_set
    for hub_set in (
        HubSet(
            "benchmax_science", "LLaMAX/BenchMAX_Science", "train", "CC-BY-4.0", OWN_CODES,
            ("Question", *BENCHMAX_OPTIONS), _read_benchmax,
        ),
        HubSet(
            "belebele", "facebook/belebele", "test", "CC-BY-SA-4.0", BELEBELE_CODES,
            ("link", "question_number", "flores_passage", "question", "mc_answer1", "mc_answer2", "mc_answer3",
             "mc_answer4", "correct_answer_num"),
            _read_belebele,
        ),
        HubSet(
            "global_mmlu", "CohereLabs/Global-MMLU", "test", "Apache-2.0", OWN_CODES,
            ("sample_id", "subject", "question", "option_a", "option_b", "option_c", "option_d", "answer"),
            _read_global_mmlu,
        ),
        HubSet(
            "mmlu_prox", "li-lab/MMLU-ProX", "test", "MIT", OWN_CODES,
            ("question_id_src", "question", "option_0", "option_1", "option_2", "option_3", "answer_index", "category"),
            _read_mmlu_prox,
        ),
        HubSet(
            "mmmlu", "openai/MMMLU", "test", "MIT", MMMLU_CODES,
            ("Question", "A", "B", "C", "D", "Answer", "Subject"), _read_mmmlu,
        ),
    )
}  # fmt: skip
