"""Rules of the house that hold over the whole tree."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = [
    path for folder in ("benchmark", "candor", "languages", "pages", "server") for path in (ROOT / folder).rglob("*.py")
]
CODE.append(ROOT / "app.py")
FOREIGN = re.compile(
    r"[\u0400-\u04ff\u0600-\u06ff\u0980-\u09ff\u0c00-\u0c7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{3,}"
)
ALLOWED = {
    "languages": {"languages"},
    "benchmark": {"benchmark", "languages"},
    "server": {"server", "benchmark", "languages"},
    "pages": {"pages", "benchmark", "languages"},
}


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_file(path):
    text = path.read_text("utf-8")
    home = path.relative_to(ROOT).parts[0]
    rooms = {"languages", "benchmark", "server", "candor", "pages"}
    if home in ALLOWED:
        used = {module.split(".")[0] for module in imports_of(path)} & rooms
        assert used <= ALLOWED[home], "imports run languages <- benchmark <- server <- candor, app"
    if home == "pages":
        writers = {"benchmark.store", "benchmark.store.live", "benchmark.store.publish", "benchmark.feeder"}
        assert not writers & set(imports_of(path)), "pages import nothing that writes"
    assert not re.search(r"[\"'](SELECT|INSERT|CREATE|UPDATE|DELETE|WITH) ", text), "SQL lives in .sql files"
    assert not FOREIGN.search(text), "text of the languages lives under languages/"
