"""The calibration model's tokenizer: byte-level BPE fitted to the project's thirteen languages.

Any text can be written with it (bytes are the fallback). Standalone capital
letters and numbers up to 99 are tokens of their own, so that an option letter or
an operand is one thing to copy wherever it stands.
"""

from __future__ import annotations

import random
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from benchmark.calibration.corpus import draw_example
from benchmark.calibration.personas import load_personas

CHAT_TEMPLATE = Path(__file__).parent / "chat_template.jinja"
PAD, END = "<|pad|>", "<|end|>"
ROLES = ("<|system|>", "<|user|>", "<|assistant|>")

LONE_CAPITAL = r"(?<![\p{Latin}])[A-Z](?![\p{Latin}])"
NUMBER = r"\p{N}{1,2}"
WORD = r" ?[^\s]+|\s"


def train_tokenizer(languages: tuple[str, ...], seed: int, vocabulary: int, examples: int) -> PreTrainedTokenizerFast:
    """Fit the tokenizer to `examples` random training texts.

    Args:
        languages: codes to draw from.
        seed: of the draw; the same seed gives the same tokenizer.
        vocabulary: number of tokens, specials and the 256 bytes included.
        examples: number of texts to fit to.
    """
    tokenizer = Tokenizer(models.BPE(byte_fallback=False))
    pieces = [pre_tokenizers.Split(Regex(pattern), behavior="isolated") for pattern in (LONE_CAPITAL, NUMBER, WORD)]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [*pieces, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    personas = [f"<|{name}|>" for name in load_personas()]
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[PAD, END, *ROLES, *personas],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    draw = random.Random(seed)
    texts = []
    for _ in range(examples):
        example = draw_example(draw, languages)
        texts += [message["content"] for message in example.messages]
        texts += [branch.reply for branch in example.branches]
    texts += [str(number) for number in range(100)] * 50
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        model_max_length=4096,
        clean_up_tokenization_spaces=False,
        chat_template=CHAT_TEMPLATE.read_text(encoding="utf-8"),
    )
