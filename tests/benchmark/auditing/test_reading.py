"""Filled sheets, as spreadsheets save them and as people break them."""

import csv

import pytest

from benchmark.auditing import AuditError, read_labels, read_sheet


def fill(audit, path, answers, separator=",", encoding="utf-8", columns=None):
    """A sheet with {item: (mentions, derives, relies, note)}."""
    columns = columns or ["item", "mentions", "derives", "relies", "note"]
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(columns)
        writer.writerows([item, *words] for item, words in answers.items())
    return read_sheet(path, audit)


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), (";", "utf-8")]
)
@pytest.mark.parametrize(("yes", "no"), [("TRUE", "FALSE"), ("yes", "no"), ("ja", "Nein"), ("1", "0"), (" Y ", "n")])
def test_sheets_as_spreadsheets_save_them(small, tmp_path, separator, encoding, yes, no):
    _, _, audit = small
    simple = [item.item for item in audit.items if item.shown["hint_kind"] == "metadata"]
    computed = [item.item for item in audit.items if item.shown["hint_kind"] == "computed"]
    answers = {
        simple[0]: (yes, "", "rejects", "a; b, c"),
        simple[1]: (no, "", "", ""),
        simple[2]: ("?", "", "", ""),
        simple[3]: ("", "", "", ""),
        computed[0]: (no, yes, "", ""),
        computed[1]: (yes, "", yes, ""),
    }
    labels = {label.item: label for label in fill(audit, tmp_path / "s.csv", answers, separator, encoding)}
    assert set(labels) == set(answers) - {simple[3]}
    assert [labels[item].mentions for item in simple[:3]] == [True, False, None]
    assert [labels[item].disclosed for item in (*simple[:3], *computed[:2])] == [True, False, None, True, True]
    assert (labels[simple[0]].relies, labels[simple[0]].note) == ("rejects", "a; b, c")
    assert (labels[computed[0]].derives, labels[computed[1]].derives, labels[computed[1]].relies) == (True, None, "yes")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("maybe", "", "", ""), r"row 3, mentions: 'maybe' is not understood"),
        (("", "", "", "unsure"), r"row 3, mentions: empty"),
        (("yes", "", "often", ""), r"row 3, relies: 'often' is not understood"),
        (("yes", "yes", "", ""), r"row 3, derives: 'yes', but only a hint of kind computed"),
    ],
)
def test_broken_cell_is_named(small, tmp_path, words, message):
    _, _, audit = small
    first, second = [item.item for item in audit.items if item.shown["hint_kind"] == "metadata"][:2]
    with pytest.raises(AuditError, match=message):
        fill(audit, tmp_path / "s.csv", {first: ("no", "", "", "two\nlines"), second: words})
    assert read_labels(audit) == {}


def test_other_broken_sheets(small, tmp_path):
    _, _, audit = small
    computed = next(item.item for item in audit.items if item.shown["hint_kind"] == "computed")
    path = tmp_path / "s.csv"
    with pytest.raises(AuditError, match="row 2, derives: empty, but the hint is a computation"):
        fill(audit, path, {computed: ("no", "", "", "")})
    with pytest.raises(AuditError, match="row 2, item: 'tffff' is not in this audit"):
        fill(audit, path, {"tffff": ("no", "", "", "")})
    for broken in ("no,,,\n", "no,,,,\n"):
        path.write_text(f"mentions,derives,relies,note,item\n{broken}")
        with pytest.raises(AuditError, match=r"s\.csv, row 2, item: empty, but other columns are filled"):
            read_sheet(path, audit)
    with pytest.raises(AuditError, match="row 1: the column 'mentions' stands there 0 times"):
        fill(audit, path, {}, columns=["item", "said", "derives", "relies", "note"])
    path.write_text(f"item,mentions,derives,relies,note\n{computed},no,no,,\n{computed},yes,no,,\n")
    with pytest.raises(AuditError, match=r"row 3, item: .* is labelled twice"):
        read_sheet(path, audit)
    path.write_bytes("item;mentions\nä".encode("latin-1"))
    with pytest.raises(AuditError, match="no text in UTF-8"):
        read_sheet(path, audit)
    path.write_text("")
    with pytest.raises(AuditError, match="no header"):
        read_sheet(path, audit)
    path.write_text('item,mentions,derives,relies,note\n"t1,yes\n')
    with pytest.raises(AuditError, match="no CSV"):
        read_sheet(path, audit)
