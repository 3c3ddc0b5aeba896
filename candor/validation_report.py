"""A validation as a table on the terminal, as JSON, as Markdown or as a page."""

from __future__ import annotations

import html
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from candor.plan import OptionError
from candor.reliability_plot import draw_reliability
from candor.validation import (
    EXCERPT,
    RELIES,
    Counts,
    Judged,
    Rate,
    Validation,
    always_true_f1,
    compare_recall,
    f1,
    list_groups,
    precision,
    recall,
    relies_macro_f1,
    specificity,
)

COLUMNS = ("", "cases", "tp", "fp", "fn", "tn", "missing", "precision", "recall", "specificity", "F1")
AROUND = 160
ENDINGS = (".html", ".md")


def print_validation(validation: Validation) -> None:
    """The table by language, and what else was counted."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    for title, groups in (("language", validation.languages), ("hint kind", validation.kinds)):
        heading = f"{validation.name}: {validation.detector}, `mentions` by {title}"
        table = Table(title=heading, title_justify="left")
        for name in COLUMNS:
            table.add_column(name, justify="right" if name else "left")
        for group, counts in list_groups(groups):
            table.add_row(*map(escape, _list_cells(group, counts)))
        console.print(table)
    for line in list_remarks(validation):
        console.print(line, highlight=False, markup=False)


def list_remarks(validation: Validation) -> Iterator[str]:
    """What stands under the tables."""
    overall = validation.overall
    yield f"F1 of calling everything a mention: {show_number(always_true_f1(overall))}"
    if (chance := compare_recall(validation)) is not None:
        yield f"Equal recall in every language: p = {chance:.3f} (chi-squared)"
    if sum(validation.relies.values()):
        counted = "; ".join(
            f"{gold}: " + ", ".join(f"{said} {validation.relies[gold, said]}" for said in RELIES) for gold in RELIES
        )
        score = show_number(relies_macro_f1(validation.relies))
        yield f"`relies` where a mention was found: macro-F1 {score} ({counted})"
    if validation.derives.cases:
        counts = validation.derives
        yield (
            f"`derives` on computed hints: F1 {show_number(f1(counts))}, recall {_rate(recall(counts))}, "
            f"specificity {_rate(specificity(counts))}, n = {counts.cases}"
        )
    filled = [group for group in validation.reliability if group.cases]
    said = [f"{g.probability / g.cases:.0%} → {g.mentions / g.cases:.0%} (n = {g.cases})" for g in filled]
    yield f"Reliability, mean probability of a mention → share that are mentions: {'; '.join(said)}"
    yield "Intervals are Wilson's, 95 %."


def as_dictionary(validation: Validation) -> dict[str, Any]:
    """The same numbers for a program."""

    def describe(counts: Counts) -> dict[str, Any]:
        rates = {"precision": precision(counts), "recall": recall(counts), "specificity": specificity(counts)}
        described = {
            name: {"value": rate.value, "interval": rate.interval, "n": rate.whole} for name, rate in rates.items()
        }
        return {**vars(counts), "f1": f1(counts), "always_true_f1": always_true_f1(counts), **described}

    return {
        "cases": validation.name,
        "detector": validation.detector,
        "languages": {group: describe(counts) for group, counts in list_groups(validation.languages)},
        "hint_kinds": {group: describe(counts) for group, counts in list_groups(validation.kinds)},
        "derives": describe(validation.derives),
        "reliability": [vars(group) for group in validation.reliability],
        "relies_macro_f1": relies_macro_f1(validation.relies),
        "equal_recall_p": compare_recall(validation),
        "worst": [{**row.gold, "said": row.said} for _, _, row in validation.worst],
    }


def check_ending(path: Path) -> None:
    """Raise OptionError for a report that could not be written."""
    if path.suffix not in ENDINGS:
        raise OptionError(f"--report {str(path)!r}: ends in {path.suffix!r}. Known endings: {', '.join(ENDINGS)}.")


def write_report(validation: Validation, path: Path) -> None:
    """Write the report as .html or .md, by the ending of `path`."""
    compose = _compose_html if path.suffix == ".html" else _compose_markdown
    path.write_text(compose(validation), encoding="utf-8")


def _list_cells(group: str, counts: Counts) -> list[str]:
    numbers = (counts.cases, counts.tp, counts.fp, counts.fn, counts.tn, counts.missing)
    rates = (_rate(precision(counts)), _rate(recall(counts)), _rate(specificity(counts)), show_number(f1(counts)))
    return [group, *map(str, numbers), *rates]


def _rate(rate: Rate) -> str:
    if rate.value is None or rate.interval is None:
        return "–"
    low, high = rate.interval
    return f"{rate.value:.2f} ({low:.2f}–{high:.2f})"


def show_number(value: float | None) -> str:
    """Three places, or a dash where there is no number."""
    return "–" if value is None else f"{value:.3f}"


def _compose_markdown(validation: Validation) -> str:
    lines = [f"# {validation.name}: {validation.detector}", ""]
    for title, groups in (("language", validation.languages), ("hint kind", validation.kinds)):
        lines += [f"## `mentions` by {title}", "", f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
        lines += [f"| {' | '.join(_list_cells(group, counts))} |" for group, counts in list_groups(groups)] + [""]
    lines += [f"* {line}" for line in list_remarks(validation)]
    lines += ["", f"## The {len(validation.worst)} errors it was surest of", ""]
    for confidence, _, row in validation.worst:
        lines += [f"### {_title(row, confidence)}", "", f"Hint: `{' '.join(row.gold['hint_text'].split())}`", ""]
        lines += ["> " + line for line in _excerpt(row).splitlines()] + [""]
    return "\n".join(lines)


def _compose_html(validation: Validation) -> str:
    parts = []
    for title, groups in (("language", validation.languages), ("hint kind", validation.kinds)):
        head = "".join(f"<th>{name}</th>" for name in COLUMNS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in _list_cells(group, counts)) + "</tr>"
            for group, counts in list_groups(groups)
        )
        parts.append(f"<h2>mentions by {title}</h2><table><tr>{head}</tr>{rows}</table>")
    parts.append("<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in list_remarks(validation)) + "</ul>")
    parts.append(f"<h2>Reliability</h2>{draw_reliability(validation.reliability)}")
    parts.append(f"<h2>The {len(validation.worst)} errors it was surest of</h2>")
    for confidence, _, row in validation.worst:
        parts.append(
            f"<h3>{html.escape(_title(row, confidence))}</h3><pre>{html.escape(row.gold['hint_text'])}</pre>"
            f'<p dir="auto" lang="{html.escape(row.gold["language"])}">{html.escape(_excerpt(row))}</p>'
        )
    title = html.escape(f"{validation.name}: {validation.detector}")
    style = (
        "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
        "table{border-collapse:collapse}td,th{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #ddd}"
        "td:first-child,th:first-child{text-align:left}p{white-space:pre-wrap}"
        "pre{white-space:pre-wrap;background:#f4f4f4;padding:.5rem}"
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{style}</style>'
        f"<body><h1>{title}</h1>{''.join(parts)}</body></html>\n"
    )


def _title(row: Judged, confidence: float) -> str:
    said, gold = ("a mention" if value else "no mention" for value in (row.said["mentions"], row.gold["mentions"]))
    kind = f"{row.gold['language']}, {row.gold['hint_kind']}, target {row.gold['target']}"
    return f"{row.gold['id']} ({kind}): {gold}; the detector saw {said}, confidence {confidence:.2f}"


def _excerpt(row: Judged) -> str:
    """The reasoning, a long one around what the detector pointed at."""
    text = row.gold["reasoning"] or ""
    if len(text) <= EXCERPT or not row.said["evidence"]:
        return text if len(text) <= EXCERPT else f"{text[:EXCERPT]} …"
    start, end = row.said["evidence"][0]
    return f"… {text[max(0, start - AROUND) : end + AROUND]} …"
