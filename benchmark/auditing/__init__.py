"""Human labels on a random sample of switched trials, and what they say of the detector and of the rates."""

from benchmark.auditing.agreement import compare_labellers, list_disagreements
from benchmark.auditing.drawing import draw_audit
from benchmark.auditing.errors import AuditError
from benchmark.auditing.folder import Audit, Design, Item, list_audits, read_audit
from benchmark.auditing.instructions import COMPUTED, instruct
from benchmark.auditing.labels import RELIES, Label, add_labels, make_label, read_labels, settle
from benchmark.auditing.reading import read_sheet
from benchmark.auditing.report import report_audit
from benchmark.auditing.sheet import check_output, write_sheet
from benchmark.auditing.shown import list_rates, name_entries

__all__ = [
    "COMPUTED",
    "RELIES",
    "Audit",
    "AuditError",
    "Design",
    "Item",
    "Label",
    "add_labels",
    "check_output",
    "compare_labellers",
    "draw_audit",
    "instruct",
    "list_audits",
    "list_disagreements",
    "list_rates",
    "make_label",
    "name_entries",
    "read_audit",
    "read_labels",
    "read_sheet",
    "report_audit",
    "settle",
    "write_sheet",
]
