"""What a language file must hold: the pydantic models the loader fills."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

LETTERS = ("A", "B", "C", "D")
UNSPACED_SCRIPTS = ("Hans", "Hant", "Jpan")


class Frozen(BaseModel):
    """Base of all: unchangeable, no unknown keys, no empty texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)


class Identity(Frozen):
    """[language]: which one it is."""

    code: str = Field(pattern=r"^[a-z]{2,3}$")
    name: str
    native_name: str
    script: str = Field(pattern=r"^[A-Z][a-z]{3}$", description="ISO 15924")
    direction: Literal["ltr", "rtl"]
    resource_level: Literal["high", "mid", "low"]
    resource_rank: int = Field(ge=1, description="place from high- to low-resource; columns stand in this order")
    langdetect: tuple[str, ...] = Field(min_length=1)
    joined_prefixes: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()

    @property
    def gap(self) -> str:
        """What stands between two sentences or words: nothing in scripts written without spaces."""
        return "" if self.script in UNSPACED_SCRIPTS else " "


class Prompt(Frozen):
    """[prompt]: the instruction of every question."""

    think: str
    final: str
    instruction: str
    direct: str = Field(description="instruction of the no_reasoning arm")
    opener: str = Field(description="first words of the thinking, for prefills")

    @field_validator("final")
    @classmethod
    def _has_letter(cls, value: str) -> str:
        if "{letter}" not in value:
            raise ValueError("must contain {letter}")
        return value


class Turns(Frozen):
    """[turns]: what carries a conversation without being a question or a hint."""

    greeting: str
    greeting_reply: str
    interview: str


class Consent(Frozen):
    """[consent]: how a reply to a yes-or-no question is read."""

    yes: tuple[str, ...] = Field(min_length=3)
    no: tuple[str, ...] = Field(min_length=3)


class AnswerCues(Frozen):
    """[answer]: what finds the letter in a reply."""

    cues: tuple[str, ...] = Field(min_length=3)
    option_words: tuple[str, ...] = Field(min_length=1)
    cues_after: tuple[str, ...] = ()
    revisions: tuple[str, ...] = Field(min_length=3)
    reports: tuple[str, ...] = ()
    negations: tuple[str, ...] = Field(min_length=1)
    copulas: tuple[str, ...] = ()
    native_letters: dict[Literal["A", "B", "C", "D"], tuple[str, ...]] = Field(default_factory=dict)
    refusals: tuple[str, ...] = ()


class Lexicon(Frozen):
    """Words the detector's first stage knows; stems as they occur in running text."""

    sources: tuple[str, ...] = Field(min_length=5)
    experts: tuple[str, ...] = Field(min_length=3)
    pointing: tuple[str, ...] = Field(min_length=5)
    negations: tuple[str, ...] = Field(min_length=2)
    relies: tuple[str, ...] = Field(min_length=2)
    rejects: tuple[str, ...] = Field(min_length=2)
    computation: tuple[str, ...] = Field(min_length=2)
    option_words: tuple[str, ...] = Field(min_length=1)
    ordinals: tuple[tuple[str, ...], ...] = Field(min_length=4, max_length=4)


class HintText(Frozen):
    """One phrasing of one hint variant, with its sham (same shape, points nowhere).

    `scaffold` is a text that every arm carries (an introduction of examples, the
    announcement of a debate); `forged` the assistant's part in forged earlier turns.
    """

    kind: str
    variant: str
    phrasing: int = Field(ge=1)
    hinted: str
    sham: str
    scaffold: str | None = None
    forged: str | None = None


class FramingText(Frozen):
    """One phrasing of a framing; the same in every arm."""

    kind: str
    phrasing: int = Field(ge=1)
    text: str


class Language(Frozen):
    """One language's main file."""

    review: Literal["model", "person"]
    language: Identity
    prompt: Prompt
    answer: AnswerCues
    lexicon: Lexicon
    turns: Turns
    consent: Consent
    hint: tuple[HintText, ...] = Field(min_length=1)
    framing: tuple[FramingText, ...] = Field(min_length=1)

    @field_validator("hint", mode="before")
    @classmethod
    def _one_each(cls, tables: Any) -> Any:
        """A table with `variants` stands for one table per variant."""
        if not isinstance(tables, list):
            return tables
        spread: list[Any] = []
        for table in tables:
            if isinstance(table, dict) and "variants" in table:
                rest = {name: value for name, value in table.items() if name != "variants"}
                spread += [{**rest, "variant": variant} for variant in table["variants"]]
            else:
                spread.append(table)
        return spread

    @property
    def code(self) -> str:
        """The language's code."""
        return self.language.code

    def find_hint(self, kind: str, variant: str, phrasing: int) -> HintText:
        """The hint text, or KeyError naming what this language lacks."""
        for text in self.hint:
            if (text.kind, text.variant, text.phrasing) == (kind, variant, phrasing):
                return text
        raise KeyError(f"{self.code}.toml has no [[hint]] {kind}/{variant} phrasing {phrasing}")

    def find_framing(self, kind: str, phrasing: int) -> FramingText:
        """The framing's text, or KeyError naming what this language lacks."""
        for text in self.framing:
            if (text.kind, text.phrasing) == (kind, phrasing):
                return text
        raise KeyError(f"{self.code}.toml has no [[framing]] {kind} phrasing {phrasing}")


class CalibrationSentences(Frozen):
    """What the calibration model says, several sentences for each act."""

    review: Literal["model", "person"]
    opening: tuple[str, ...] = Field(min_length=3)
    work: tuple[str, ...] = Field(min_length=3)
    closing: tuple[str, ...] = Field(min_length=3)
    pledge_yes: tuple[str, ...] = Field(min_length=2)
    pledge_no: tuple[str, ...] = Field(min_length=1)
    interview_no: tuple[str, ...] = Field(min_length=1)
    argue: tuple[str, ...] = Field(min_length=3)
    mention: dict[str, tuple[str, ...]]


class BuiltinQuestion(Frozen):
    """One builtin question as written in one language."""

    question_id: str
    question: str
    options: tuple[str, str, str, str]
    answer_index: int = Field(ge=0, le=3)


class QuestionKey(Frozen):
    """What a builtin question has in common over all languages."""

    question_id: str
    category: str
    difficulty: int = Field(ge=1, le=3)
    key: str | None = Field(None, description="expression that a test evaluates to the right option's value")
    option_values: tuple[int, int, int, int] | None = None
    reason: str | None = Field(None, description="the worked way to the answer, where no expression says it")


class Leaning(Frozen):
    """Who might be expected to choose an option of an opinion question."""

    option_index: int = Field(ge=0, le=3)
    identity: str


class OpinionQuestion(Frozen):
    """A question without a right answer, and who might lean which way."""

    question_id: str
    question: str
    options: tuple[str, str, str, str]
    neutral: str
    leanings: tuple[Leaning, ...] = Field(min_length=1)


class Family(Frozen):
    """Templates of one family of generated questions; other texts it is put together from."""

    templates: tuple[str, ...] = Field(min_length=1)
    clauses: tuple[str, ...] = ()
    is_in: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    either: tuple[str, ...] = ()


class GeneratedTemplates(Frozen):
    """generated/xx.toml: what the generated questions are written with."""

    review: Literal["model", "person"]
    names: tuple[str, ...] = Field(min_length=8, max_length=8)
    weekdays: tuple[str, ...] = Field(min_length=7, max_length=7)
    packing: Family
    calendar: Family
    ordering: Family
    sets: Family
    rates: Family
    logic: Family
    table: Family
    conversion: Family
