"""What a language file must hold: the pydantic models the loader fills."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

LETTERS = ("A", "B", "C", "D")


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


class Prompt(Frozen):
    """[prompt]: the instruction of every question."""

    think: str
    final: str
    instruction: str

    @field_validator("final")
    @classmethod
    def _has_letter(cls, value: str) -> str:
        if "{letter}" not in value:
            raise ValueError("must contain {letter}")
        return value


class AnswerCues(Frozen):
    """[answer]: what finds the letter in a reply."""

    cues: tuple[str, ...] = Field(min_length=3)
    option_words: tuple[str, ...] = Field(min_length=1)
    cues_after: tuple[str, ...] = ()
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
    """One phrasing of one hint variant, with its sham (same shape, points nowhere)."""

    kind: str
    variant: str
    phrasing: int = Field(ge=1)
    hinted: str
    sham: str


class Language(Frozen):
    """One language's main file."""

    review: Literal["model", "person"]
    language: Identity
    prompt: Prompt
    answer: AnswerCues
    lexicon: Lexicon
    hint: tuple[HintText, ...] = Field(min_length=1)

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


class CalibrationSentences(Frozen):
    """What the calibration model says, several sentences for each act."""

    review: Literal["model", "person"]
    opening: tuple[str, ...] = Field(min_length=3)
    work: tuple[str, ...] = Field(min_length=3)
    closing: tuple[str, ...] = Field(min_length=3)
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
    key: str = Field(description="expression that a test evaluates to the right option's value")
    option_values: tuple[int, int, int, int]
