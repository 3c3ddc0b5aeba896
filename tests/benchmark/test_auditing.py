"""The audit: sheets that are blind and harmless, labels read back, and estimators against known truth."""

import csv
import json
import shutil
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import chi2_contingency
from sklearn.metrics import cohen_kappa_score, confusion_matrix

from benchmark.auditing import (
    AuditError,
    Design,
    add_labels,
    compare_labellers,
    draw_audit,
    list_disagreements,
    make_label,
    read_audit,
    read_labels,
    read_sheet,
    report_audit,
    settle,
    write_sheet,
)
from benchmark.auditing.agreement import cohen_kappa
from benchmark.auditing.detector_error import Share, compare_shares, measure_share, pool_shares
from benchmark.auditing.drawing import allocate
from benchmark.auditing.estimators import estimate_by_labels, estimate_by_predictions
from benchmark.auditing.population import Population, design_variance, question_variance
from benchmark.auditing.sheet import make_harmless
from benchmark.statistics.intervals import rogan_gladen
from benchmark.store import query_rows
from tests.audit_results import ENTRY, FORMULA, MODEL, TELLS, make_results

DESIGN = Design(seed=3, per_cell=40, by=("language", "hint_kind"), entry=None, suite=None, framing="plain")
NAN = float("nan")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    db = tmp_path_factory.mktemp("audit") / "candor.duckdb"
    return db, make_results(db, missing=0.05)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small results file with an audit: for tests that leave both as they are."""
    db = tmp_path_factory.mktemp("small") / "candor.duckdb"
    truth = make_results(db, questions=40)
    return db, truth, draw_audit(db, "first", DESIGN)


@pytest.fixture
def drawn(small, tmp_path):
    """A copy of it, for tests that label or change it."""
    db, truth, _ = small
    copy = tmp_path / db.name
    shutil.copy(db, copy)
    shutil.copytree(f"{db}.d", f"{copy}.d")
    return copy, truth, read_audit(copy, "first")


def population(question, stratum, weight, prediction, label):
    return Population(
        np.array(question), np.array(stratum), np.array(weight, float), np.array(prediction, float),
        np.array(label, float),
    )  # fmt: skip


# --- the draw ---------------------------------------------------------------------------------------------------


def test_draw_has_both_verdicts_and_known_probabilities(results, tmp_path):
    db, _ = results
    audit = draw_audit(db, "probabilities", DESIGN)
    strata = audit.design.strata
    cells = {(s["language"], s["hint_kind"]) for s in strata}
    assert cells == {(language, kind) for language in ("en", "sw") for kind in ("metadata", "computed")}
    for cell in cells:
        of_cell = [s for s in strata if (s["language"], s["hint_kind"]) == cell]
        assert sum(s["drawn"] for s in of_cell) == 40
        assert sum(s["size"] for s in of_cell) == 120
        assert {"disclosed", "undisclosed"} <= {s["verdict"] for s in of_cell}
    verdicts = {row["trial_id"]: row["disclosed"] for row in query_rows(db, "audit_verdicts", DESIGN.filters)}
    names = {False: "undisclosed", True: "disclosed", None: "missing"}
    for item in audit.items:
        stratum = strata[item.stratum]
        assert item.probability == stratum["drawn"] / stratum["size"]
        assert stratum["verdict"] == names[verdicts[item.trial_id]]
        assert stratum["language"] == item.shown["language"]
    assert len({item.item for item in audit.items}) == len(audit.items) == 160


def test_same_seed_same_draw_and_another_seed_another(results):
    db, _ = results
    draws = [
        draw_audit(db, name, Design(seed, 40, ("language",), None, None, "plain"))
        for name, seed in (("a1", 7), ("a2", 7), ("a3", 8))
    ]
    first, again, other = ([item.trial_id for item in audit.items] for audit in draws)
    assert first == again != other
    assert len(set(first) & set(other)) < len(first)


def test_every_trial_of_a_stratum_is_drawn_as_often():
    """Inclusion over 400 seeds: each of 12 trials about 400 · 4/12 times (five standard deviations allowed)."""
    from benchmark.auditing.drawing import _draw, _stratify

    frame = [
        {"suite": "s", "entry_id": "e", "framing": "plain", "trial_id": f"t{n}", "disclosed": n < 12} for n in range(15)
    ]
    counts = dict.fromkeys([row["trial_id"] for row in frame], 0)
    strata = _stratify(frame, ())
    for seed in range(400):
        for row in _draw(strata, Design(seed, 6, (), None, None, "plain"))[0]:
            counts[row["trial_id"]] += 1
    assert allocate({"undisclosed": 3, "disclosed": 12}, 6) == {"undisclosed": 2, "disclosed": 4}
    reach = 5 * np.sqrt(400 * (1 / 3) * (2 / 3))
    assert all(abs(counts[f"t{n}"] - 400 / 3) < reach for n in range(12))


@pytest.mark.parametrize(
    ("sizes", "wanted", "given"),
    [
        ({"a": 100, "b": 4}, 24, {"a": 20, "b": 4}),
        ({"a": 400, "b": 100}, 30, {"a": 20, "b": 10}),
        ({"a": 1, "b": 1}, 40, {"a": 1, "b": 1}),
        ({"a": 500, "b": 1, "c": 2}, 10, {"a": 7, "b": 1, "c": 2}),
        ({"a": 50, "b": 50, "c": 50}, 7, {"a": 2, "b": 2, "c": 3}),
    ],
)
def test_allocation(sizes, wanted, given):
    assert allocate(sizes, wanted) == given


@pytest.mark.parametrize(
    ("design", "message"),
    [
        (Design(0, 5, (), None, None, "plain"), "--per-cell: 5 is too small; the least is 6"),
        (Design(0, 40, ("colour",), None, None, "plain"), "--by: 'colour' is unknown"),
        (Design(0, 40, (), "nobody", None, "plain"), "no switched trials .*--entry nobody"),
        (Design(0, 40, (), None, None, "pledged"), "no switched trials under --framing pledged"),
    ],
)
def test_draw_refuses(results, design, message):
    with pytest.raises(AuditError, match=message):
        draw_audit(results[0], "refused", design)


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 41])
def test_names_that_are_no_folder(results, name):
    with pytest.raises(AuditError, match="--name"):
        draw_audit(results[0], name, DESIGN)


def test_a_name_is_drawn_once(small):
    db, _, _ = small
    with pytest.raises(AuditError, match="there is an audit 'first'"):
        draw_audit(db, "first", DESIGN)
    with pytest.raises(AuditError, match=r"'second' is no audit of .* Known: first"):
        read_audit(db, "second")


# --- the sheet --------------------------------------------------------------------------------------------------


def test_sheet_is_blind(small, tmp_path):
    _, _, audit = small
    for path in write_sheet(audit.items, tmp_path / "sheet.csv"):
        text = path.read_text("utf-8-sig")
        for secret in (MODEL, "oracle-detector", ENTRY, "exploratory:test", "probability", "stratum", "verdict",
                       *(item.trial_id for item in audit.items)):  # fmt: skip
            assert secret not in text
        assert TELLS in text
    # The order says nothing either: verdicts are mixed.
    verdicts = [audit.design.strata[item.stratum]["verdict"] for item in audit.items]
    assert sum(a != b for a, b in pairwise(verdicts)) > 20


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", "\x1b[31m", " =1", "＝1"])
def test_no_cell_is_a_formula(cell):
    safe = make_harmless(cell)
    assert safe.startswith("'")
    assert not any(ord(sign) < 32 and sign not in "\t\n" for sign in safe)


def test_harmless_cells_stay():
    for cell in ("plain", "a = b", "3 - 2", "two\nlines", "", "x@y"):
        assert make_harmless(cell) == cell
    assert len(make_harmless("x" * 100_000)) == 32_000


def test_csv_is_defused_and_jsonl_is_not(small, tmp_path):
    _, _, audit = small
    table, lines = write_sheet(audit.items, tmp_path / "sheet.jsonl")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["reasoning"].startswith(f"'{FORMULA}") for row in rows)
    assert all(row["hint_text"].startswith("'@tag") for row in rows)
    kept = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    assert [row["item"] for row in kept] == [row["item"] for row in rows] == [item.item for item in audit.items]
    assert all(row["reasoning"].startswith(FORMULA) for row in kept)
    assert ["derives: yes" in row["instruction"] for row in kept] == [row["hint_kind"] == "computed" for row in kept]
    with pytest.raises(AuditError, match="it may hold labels"):
        write_sheet(audit.items, tmp_path / "sheet.csv")


# --- filled sheets ----------------------------------------------------------------------------------------------


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


# --- labels -----------------------------------------------------------------------------------------------------


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


def test_kappa_against_scikit_learn(drawn):
    _, _, audit = drawn
    draw = np.random.default_rng(2)
    items = [item for item in audit.items if item.shown["hint_kind"] == "metadata"]
    first = draw.random(len(items)) < 0.6
    second = np.where(draw.random(len(items)) < 0.8, first, ~first)
    for labeller, said in (("Anna", first), ("Ben", second)):
        labels = [make_label(i.item, "metadata", bool(s), None) for i, s in zip(items, said, strict=True)]
        add_labels(audit, labeller, labels)
    row = next(row for row in compare_labellers(audit, read_labels(audit)) if row.asked == "mentions")
    assert row.kappa == pytest.approx(cohen_kappa_score(first, second))
    assert row.n == len(items)
    assert row.agreed == (first == second).sum()
    assert row.low < row.kappa < row.high
    times = draw.integers(0, 4, len(items))
    weighted = cohen_kappa(confusion_matrix(first, second, sample_weight=times).astype(float))
    assert weighted == pytest.approx(cohen_kappa_score(first, second, sample_weight=times))


def test_kappas_of_many_tables_are_those_of_each():
    draw = np.random.default_rng(4)
    pairs = [(draw.integers(0, 3, 50), draw.integers(0, 3, 50)) for _ in range(20)]
    tables = np.stack([confusion_matrix(*pair, labels=range(3)) for pair in pairs]).astype(float)
    assert cohen_kappa(tables) == pytest.approx([cohen_kappa_score(*pair) for pair in pairs])


def test_kappa_is_undefined_without_variety():
    tables = np.array([[[0, 0], [0, 2]], [[0, 0], [0, 0]]], float)
    assert np.isnan(cohen_kappa(tables)).all()
    assert np.isnan(cohen_kappa(np.zeros((0, 0))))


# --- estimators -------------------------------------------------------------------------------------------------


def test_prediction_powered_by_the_closed_form():
    """One stratum, equal weights: PPI++ (arXiv 2311.01453, §3 and §6) with n labels and N others, worked apart."""
    y = np.array([1, 0, 1, 1, 0, 1, 0, 0])
    f = np.array([0.9, 0.4, 0.3, 0.6, 0.8, 0.7, 0.1, 0.5])
    unlabelled = np.array([0.8, 0.1, 0.6, 0.9, 0.2, 0.3, 0.7, 0.4, 0.5, 0.6, 0.1, 0.2])
    n, more = len(y), len(unlabelled)
    spread = np.var(f, ddof=1)
    power = np.cov(y, f)[0, 1] / ((1 + n / more) * spread)
    rate = y.mean() - power * (f.mean() - unlabelled.mean())
    # λ of the paper acts on the mean of the unlabelled alone, ours on that of all: ours = paper's · (1 + n/N).
    everything = population(range(20), [0] * 20, [1] * 20, [*f, *unlabelled], [*y, *[NAN] * more])
    made = estimate_by_predictions(everything)
    assert made.tuning == pytest.approx(power * (1 + n / more))
    assert made.rate == pytest.approx(rate)
    assert made.n == 8
    residuals = np.var(y - made.tuning * f, ddof=1)
    questions = 20 / 19 * np.sum((y - rate) ** 2) / n * 20 / 20**2
    assert made.variance == pytest.approx(questions + (1 / n - 1 / 20) * residuals)


def test_labels_alone_by_hand():
    """Strata of 6 and 4 with labels 1, 0, 1 and 0, 1: (6 · 2/3 + 4 · 1/2) / 10 = .6."""
    made = estimate_by_labels(
        population(range(10), [0] * 6 + [1] * 4, [1] * 10, [1] * 6 + [0] * 4, [1, 0, 1, NAN, NAN, NAN, 0, 1, NAN, NAN])
    )
    assert made.rate == pytest.approx(0.6)
    design = (36 * (1 / 3 - 1 / 6) * (1 / 3) + 16 * (1 / 2 - 1 / 4) * (1 / 2)) / 100
    squares = 6 / 3 * (2 * 0.4**2 + 0.6**2) + 4 / 2 * (0.6**2 + 0.4**2)
    assert made.variance == pytest.approx(design + 10 / 9 * squares / 100)


def test_with_every_label_nothing_is_left_of_the_draw():
    """All trials labelled: the rate is Σay/Σa and the variance that of the clustered ratio."""
    from benchmark.statistics.intervals import ratio_of_sums

    draw = np.random.default_rng(1)
    question, y, a = np.repeat(np.arange(15), 2), draw.integers(0, 2, 30).astype(float), draw.uniform(0.5, 1, 30)
    made = population(question, [0] * 10 + [1] * 20, a, [0.5] * 30, y)
    ratio = ratio_of_sums(np.bincount(question, a * y), np.bincount(question, a))
    for estimate in (estimate_by_labels(made), estimate_by_predictions(made)):
        assert estimate.rate == pytest.approx(float(ratio.rate))
    e = a * (y - float(ratio.rate)) / a.sum()
    by_hand = 15 / 14 * max(np.sum(np.bincount(question, e) ** 2), np.sum(e**2))
    assert question_variance(made, e) == pytest.approx(by_hand)
    assert design_variance(made, e) == 0


def test_question_variance_is_unbiased_over_draws():
    """Averaged over draws from one fixed population, the expanded variance is the one of the whole population."""
    draw = np.random.default_rng(3)
    question, stratum = np.repeat(np.arange(30), 4), np.tile([0, 0, 1, 1], 30)
    e = np.repeat(draw.normal(1, 1, 30), 4) + draw.normal(0, 0.1, 120)
    whole = 30 / 29 * np.sum(np.bincount(question, e) ** 2)
    found = []
    for _ in range(400):
        label = np.full(120, NAN)
        for number, count in ((0, 20), (1, 40)):
            label[draw.choice(np.flatnonzero(stratum == number), count, replace=False)] = 1
        made = population(question, stratum, [1] * 120, [1] * 120, label)
        found.append(question_variance(made, e[made.labelled]))
    assert np.mean(found) == pytest.approx(whole, abs=4 * np.std(found) / np.sqrt(400))


def test_no_estimate_without_labels():
    for label, interval in (([1, 0, NAN, NAN], None), ([1, NAN, 0, NAN], "rate"), ([1, 1, 0, 0], "both")):
        for estimate in (estimate_by_labels, estimate_by_predictions):
            made = estimate(population(range(4), [0, 0, 1, 1], [1] * 4, [1, 1, 0, 0], label))
            assert (made.rate is not None) == (interval is not None)
            assert (made.low is not None) == (interval == "both")


def test_equal_labels_do_not_prove_that_all_are():
    """Four equal labels in each of two large strata: the interval is as wide as eight labels at most warrant."""
    label = np.full(400, NAN)
    label[:4], label[200:204] = 1, 0
    made = estimate_by_predictions(
        population(range(400), [0] * 200 + [1] * 200, [1] * 400, [1] * 200 + [0] * 200, label)
    )
    assert made.rate == 0.5
    assert made.high - made.low > 0.25


def simulate(draw, questions, per, truth, sensitivity, specificity, within, sure):
    """Question-clustered truth, verdicts with errors, unequal weights; strata are the verdicts."""
    chance = draw.beta(truth / within, (1 - truth) / within, questions) if within else np.full(questions, truth)
    question = np.repeat(np.arange(questions), per)
    y = (draw.random(questions * per) < chance[question]).astype(float)
    said = np.where(y == 1, draw.random(len(y)) >= specificity, draw.random(len(y)) < sensitivity)
    weight = draw.choice([0.5, 0.75, 1.0], questions)[question]
    confidence = np.where(said == (y == 0), draw.uniform(0.7, 1, len(y)), draw.uniform(0.5, 0.8, len(y)))
    prediction = np.where(said, 1 - confidence, confidence) if sure else 1.0 - said
    return question, said.astype(int), weight, prediction, y


def label_some(draw, world, labels):
    question, stratum, weight, prediction, y = world
    shown = np.full(len(y), NAN)
    for number, count in allocate({int(s): int((stratum == s).sum()) for s in np.unique(stratum)}, labels).items():
        chosen = draw.choice(np.flatnonzero(stratum == number), count, replace=False)
        shown[chosen] = y[chosen]
    return Population(question, np.unique(stratum, return_inverse=True)[1], weight, prediction, shown)


@pytest.mark.parametrize(
    ("world", "labels"),
    [
        (dict(questions=200, per=1, truth=0.5, sensitivity=0.7, specificity=0.9, within=0, sure=True), 40),
        (dict(questions=200, per=1, truth=0.3, sensitivity=0.6, specificity=0.95, within=0, sure=False), 40),
        (dict(questions=60, per=4, truth=0.5, sensitivity=0.7, specificity=0.9, within=0.4, sure=True), 60),
        (dict(questions=120, per=1, truth=0.1, sensitivity=0.8, specificity=0.9, within=0, sure=True), 40),
        (dict(questions=300, per=3, truth=0.2, sensitivity=0.8, specificity=0.9, within=1, sure=True), 100),
    ],
)
def test_estimates_are_unbiased_and_covered_while_the_naive_rate_is_off(world, labels):
    draw, repeats = np.random.default_rng(11), 300
    truth = world["truth"]
    found = {estimate_by_labels: [], estimate_by_predictions: []}
    naive = []
    for _ in range(repeats):
        made = simulate(draw, **world)
        naive.append(np.average(1 - made[1], weights=made[2]))
        sample = label_some(draw, made, labels)
        for estimate, rows in found.items():
            rows.append(estimate(sample))
    assert abs(np.mean(naive) - truth) > 0.05
    for rows in found.values():
        rates = np.array([row.rate for row in rows])
        assert abs(rates.mean() - truth) < 4 * rates.std() / np.sqrt(repeats)
        assert 0.90 <= np.mean([row.low <= truth <= row.high for row in rows]) <= 0.99
        assert np.sqrt(np.mean([row.variance for row in rows])) == pytest.approx(rates.std(), rel=0.2)
    by_labels, powered = ([row.variance for row in rows] for rows in found.values())
    assert np.mean(powered) <= np.mean(by_labels) * 1.02
    if world["sure"] and truth == 0.5:
        assert np.mean(powered) < np.mean(by_labels) * 0.9


# --- the detector's errors --------------------------------------------------------------------------------------


def test_sensitivity_undoes_the_draw():
    """10 of 100 'undisclosed' and 10 of 20 'disclosed' read: 1 in 10 is a miss, 9 in 10 are hits.

    Disclosed in truth: 100 · .1 + 20 · .9 = 28, found: 18. Plain counts would say 9/10.
    """
    label = np.full(120, NAN)
    label[:10] = [0] + [1] * 9
    label[100:110] = [0] * 9 + [1]
    made = population(range(120), [0] * 100 + [1] * 20, [1] * 120, [0] * 120, label)
    said = np.array([0.0] * 100 + [1.0] * 20)
    inside = np.ones(120, bool)
    found = measure_share(made, said, inside, True)
    assert (found.value, found.labels) == (pytest.approx(18 / 28), 10)
    spared = measure_share(made, said, inside, False)
    assert spared.value == pytest.approx(90 / (90 + 2))
    assert 0 < found.n < 10


def test_sensitivity_is_covered():
    draw, truth = np.random.default_rng(5), 0.8
    covered, values = [], []
    for _ in range(300):
        world = simulate(draw, 200, 1, 0.5, truth, 0.9, 0, False)
        sample = label_some(draw, world, 60)
        share = measure_share(sample, world[1].astype(float), np.ones(200, bool), True)
        [pooled] = pool_shares([share])
        covered.append(pooled.low <= truth <= pooled.high)
        values.append(share.value)
    assert 0.90 <= np.mean(covered) <= 0.99
    assert abs(np.mean(values) - truth) < 0.02


def test_perfect_so_far_is_not_perfect():
    label = np.full(400, NAN)
    label[:10], label[200:210] = 1, 0
    made = population(range(400), [0] * 200 + [1] * 200, [1] * 400, [0] * 400, label)
    share = measure_share(made, np.array([0.0] * 200 + [1.0] * 200), np.ones(400, bool), True)
    assert (share.value, share.n) == (1.0, 10.0)
    [pooled] = pool_shares([share])
    assert pooled.low < 0.85


def test_languages_lean_on_one_another_but_keep_what_differs():
    alike = pool_shares([Share(0.7, 20, 20), Share(0.8, 20, 20), Share(0.75, 20, 20), Share(1.0, 3, 3)])
    assert alike[3].value < 0.92
    assert all(0.68 < row.value < 0.82 for row in alike[:3])
    apart = pool_shares([Share(0.95, 200, 200)] * 3 + [Share(0.4, 60, 60)])
    assert apart[3].value == pytest.approx(0.4, abs=0.05)
    assert apart[0].low > apart[3].high
    assert pool_shares([Share(None, 0, 0), Share(0.5, 10, 10)])[0].value is None


def test_pooling_is_nearer_to_the_truth_and_covered():
    draw = np.random.default_rng(8)
    raw, pooled, covered = [], [], []
    for _ in range(100):
        truth, n = draw.beta(22, 8, 13), draw.integers(8, 30, 13)
        share = draw.binomial(n, truth) / n
        rows = pool_shares([Share(s, float(m), int(m)) for s, m in zip(share, n, strict=True)])
        raw += list((share - truth) ** 2)
        pooled += [(row.value - t) ** 2 for row, t in zip(rows, truth, strict=True)]
        covered += [row.low <= t <= row.high for row, t in zip(rows, truth, strict=True)]
    assert np.mean(pooled) < 0.7 * np.mean(raw)
    assert 0.90 <= np.mean(covered) <= 0.99


def test_equal_sensitivity():
    same = [Share(0.8, 20, 20), Share(0.8, 40, 40)]
    apart = [Share(0.9, 50, 50), Share(0.5, 50, 50)]
    assert compare_shares(same) == pytest.approx(1)
    assert compare_shares(apart) == pytest.approx(chi2_contingency([[45, 5], [25, 25]], correction=False).pvalue)
    for shares in ([Share(0.8, 20, 20)], [Share(1.0, 9, 9)] * 3, [Share(0.8, 20, 20), Share(None, 0, 0)]):
        assert compare_shares(shares) is None


# --- the report -------------------------------------------------------------------------------------------------


def label_truly(audit, truth, labeller="Anna"):
    add_labels(
        audit,
        labeller,
        [make_label(i.item, i.shown["hint_kind"], truth[i.trial_id], False) for i in audit.items],
    )


def test_report_on_known_truth(tmp_path):
    """Most disclosures are overlooked in Swahili: verdicts see a difference that is not there, labels do not."""
    db = tmp_path / "candor.duckdb"
    truth = make_results(db, 300, ("en",), sensitivity=0.98, undisclosed=0.4)
    other = tmp_path / "other.duckdb"
    truth |= make_results(other, 300, ("sw",), sensitivity=0.3, undisclosed=0.4, seed=2)
    import duckdb

    with duckdb.connect(str(db)) as connection:
        connection.execute(f"ATTACH '{other}' AS other")
        for table in ("trials", "verdicts", "prompts", "responses", "languages"):
            connection.execute(f"INSERT INTO {table} SELECT * FROM other.{table}")
    audit = draw_audit(db, "truth", Design(1, 80, ("language", "hint_kind"), None, None, "plain"))
    before = report_audit(db, "truth")
    assert all(row["label"] is None and row["powered"] is None for row in before["cells"])
    assert before["overall"][0]["cells_labelled"] == 0
    label_truly(audit, truth)
    made = report_audit(db, "truth")
    cells = {(row["language"], row["hint_kind"]): row for row in made["cells"]}
    assert len(cells) == 4
    for (language, kind), row in cells.items():
        ids = [trial for trial in truth if trial.startswith(f"{language}-") and f"-{kind}-" in trial]
        weight = [0.5 if int(trial.split("-")[1]) % 10 == 0 else 1 for trial in ids]
        real = np.average([not truth[trial] for trial in ids], weights=weight)
        for name in ("label", "powered"):
            # Wider than 95 %: no cell may fail by chance.
            assert abs(row[name] - real) < 1.6 * (row[f"{name}_high"] - row[f"{name}_low"]) / 2
        if language == "sw":
            assert row["naive"] - real > 0.2
            assert not row["naive_low"] < real < row["naive_high"]
    assert all(test["p"] < 0.001 for test in made["equal_sensitivity"])
    errors = {(row["language"], row["hint_kind"]): row for row in made["detector"]}
    assert errors["en", "metadata"]["sensitivity"] > 0.85
    assert errors["sw", "metadata"]["sensitivity"] == pytest.approx(0.3, abs=0.2)
    # Se + Sp − 1 is near .3 in Swahili: nothing to show.
    assert cells["sw", "metadata"]["rogan_gladen"] is None
    [whole] = made["overall"]
    assert (whole["cells"], whole["cells_labelled"], whole["labels"]) == (4, 4, 320)
    row, error = cells["en", "metadata"], errors["en", "metadata"]
    by_hand = rogan_gladen(1 - row["naive"], 1e9, error["sensitivity"], 1e9, error["specificity"], 1e9)
    assert row["rogan_gladen"] == pytest.approx(1 - float(by_hand.rate))


def test_naive_rate_is_the_leaderboards(results):
    db, _ = results
    draw_audit(db, "naive", DESIGN)
    cells = {(row["language"], row["hint_kind"]): row for row in report_audit(db, "naive")["cells"]}
    board = query_rows(db, "leaderboard_rows", {"framing": "plain"})
    assert len(board) == 4
    for row in board:
        cell = cells[row["language"], row["hint_kind"]]
        assert cell["naive"] == pytest.approx(row["deception_rate"], abs=1e-12)
        assert cell["naive_n"] == pytest.approx(row["n"])
        assert cell["verdicts_missing"] == row["verdicts_missing"] > 0
        assert (cell["naive_low"], cell["naive_high"]) == (pytest.approx(row["low"]), pytest.approx(row["high"]))


def test_trials_after_the_draw_are_counted_not_covered(drawn):
    import duckdb

    db, truth, audit = drawn
    label_truly(audit, truth)
    before = report_audit(db, "first")
    with duckdb.connect(str(db)) as connection:
        for table in ("trials", "verdicts"):
            connection.execute(
                f"INSERT INTO {table} SELECT * REPLACE ('new' || trial_id AS trial_id) FROM {table}"
                " WHERE trial_id = 'en-1-metadata-0'"
            )
    after = report_audit(db, "first")
    assert (before["newer_trials"], after["newer_trials"]) == (0, 1)
    assert after["cells"] == before["cells"]


def test_a_later_detector_uses_the_same_labels(drawn):
    import duckdb

    db, truth, _ = drawn
    audit = draw_audit(db, "few", replace(DESIGN, per_cell=16))
    label_truly(audit, truth)
    with duckdb.connect(str(db)) as connection:
        connection.execute(
            "UPDATE verdicts SET detector = 'perfect-2', confidence = 1, mentions = contains(r.reasoning, 'I saw'), "
            "disclosed = contains(r.reasoning, 'I saw') FROM responses AS r WHERE r.trial_id = verdicts.trial_id"
        )
    made = report_audit(db, "few")
    assert made["detectors"] == ["perfect-2"]
    for row in made["cells"]:
        assert row["tuning"] == pytest.approx(1)
        assert row["powered"] == pytest.approx(row["naive"])
    assert all(row["sensitivity_raw"] == 1 for row in made["detector"])


def test_results_of_another_file(drawn, tmp_path):
    _, _, audit = drawn
    other = tmp_path / "other.duckdb"
    make_results(other, 5)
    (tmp_path / "other.duckdb.d" / "audits").mkdir(parents=True)
    audit.folder.rename(tmp_path / "other.duckdb.d" / "audits" / "first")
    with pytest.raises(AuditError, match="Was it drawn elsewhere"):
        report_audit(other, "first")
