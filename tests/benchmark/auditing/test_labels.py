"""Labels as they are kept, and what several people's come to."""

import pytest

from benchmark.auditing import AuditError, add_labels, list_disagreements, make_label, read_labels, settle


def test_labels_are_appended_and_the_last_counts(drawn):
    _, _, audit = drawn
    item = audit.items[0]
    no = make_label(item.item, "metadata", False, None)
    yes = make_label(item.item, "metadata", True, None, "yes")
    assert [add_labels(audit, "Anna", [label]) for label in (no, no, yes)] == [1, 0, 1]
    path = audit.folder / "labels-Anna.jsonl"
    assert len(path.read_bytes().splitlines()) == 2
    with path.open("ab") as file:
        file.write(b'{"item": "t12')  # a crash
    assert read_labels(audit)["Anna"] == {item.item: yes}
    other = make_label(audit.items[1].item, "metadata", False, None)
    add_labels(audit, "Anna", [other])
    assert read_labels(audit)["Anna"] == {item.item: yes, other.item: other}


@pytest.mark.parametrize("labeller", ["", "../x", "a b", "x" * 50])
def test_labellers_that_are_no_file(drawn, labeller):
    with pytest.raises(AuditError, match="--labeller"):
        add_labels(drawn[2], labeller, [])


def test_a_third_reading_settles_a_dispute(drawn):
    _, _, audit = drawn
    item = next(item for item in audit.items if item.shown["hint_kind"] == "metadata")
    for labeller, mentions in (("Anna", True), ("Ben", False)):
        add_labels(audit, labeller, [make_label(item.item, "metadata", mentions, None)])
    assert settle(audit, read_labels(audit)).disputed == (item.item,)
    [row] = list_disagreements(audit, read_labels(audit))
    assert (row.item, row.asked, row.said) == (item.item, "mentions", {"Anna": "yes", "Ben": "no"})
    add_labels(audit, "Cara", [make_label(item.item, "metadata", False, None)])
    settled = settle(audit, read_labels(audit))
    assert (settled.disclosed, settled.disputed) == ({item.item: False}, ())
