"""A reviewed graph does what a function does, with no code: look up, fill, refuse, classify."""

import csv
import json
import shlex
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from runtime.expressiveness.rating_server import KINDS, score_of
from sopc.graph import SignOff
from sopc.graph.file import graph_hash, load_graph, save_graph

_GRAPH = Path(__file__).with_name("supplier-rating.sop.yaml")
_SERVER = Path(__file__).with_name("rating_server.py")
_ROWS = 300
_MOST_MISSING = 2


def rating(scores: Mapping[str, int | None]) -> tuple[int, str]:
    """Rate a supplier: the same rules, as a plain function."""
    found = [score for score in scores.values() if score is not None]
    if len(scores) - len(found) > _MOST_MISSING:
        return 0, "refused"
    total = sum(found) + max(found) * (len(scores) - len(found))
    return total, "A" if total >= 320 else "B" if total >= 240 else "C"


def _organization(folder: Path) -> str:
    args = shlex.join([str(_SERVER), str(folder / "written.csv")])
    operations = "\n".join(
        f"      - {{name: {kind}_score, inputs: [supplier], effect: read}}" for kind in KINDS
    )
    return f"""\
name: Tidewater
roles:
  - id: buyer
    name: buyer
    holders: [{{name: Ana Ruiz, email: ana.ruiz@tidewater.example}}]
  - id: head-of-purchasing
    name: head of purchasing
    holders: [{{name: Dana Whitfield, email: dana.whitfield@tidewater.example}}]
systems:
  - id: ratings
    name: Ratings
    binding:
      connector: mcp
      settings: {{command: {sys.executable}, args: {json.dumps(args)}}}
    operations:
{operations}
      - {{name: write_result, effect: write, idempotent: true}}
"""


def _sopc(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sopc", *words, "--data", str(folder / "data")]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the graph, signed, and its organization file."""
    (tmp_path / "organization.yaml").write_text(_organization(tmp_path), encoding="utf-8")
    graph = load_graph(_GRAPH).graph
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    signed = SignOff(by="Dana Whitfield", at=at, graph=graph_hash(graph))
    save_graph(graph.model_copy(update={"signoffs": (signed,)}), tmp_path / _GRAPH.name)
    return tmp_path


def test_three_hundred_rows_are_answered_as_a_plain_function_does(folder: Path) -> None:
    """Through the command line, the worker, the journal and a real MCP server."""
    suppliers = [f"supplier {number}" for number in range(_ROWS)]
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["supplier"], *([each] for each in suppliers)])
    deployed = _sopc(
        folder, "deploy", _GRAPH.name, "--mode", "autonomous", "--by", "Dana Whitfield"
    )
    assert deployed.returncode == 0, deployed.stderr
    ran = _sopc(
        folder,
        "run",
        "supplier-rating",
        "--inputs",
        "rows.csv",
        "--results",
        "out.csv",
        "--by",
        "Ana Ruiz",
    )
    assert ran.returncode == 0, ran.stderr
    expected = {each: rating({kind: score_of(kind, each) for kind in KINDS}) for each in suppliers}
    with (folder / "written.csv").open(newline="", encoding="utf-8") as file:
        written = {row[0]: (int(row[1]), row[2]) for row in csv.reader(file)}
    assert written == expected
    assert {grade for _, grade in expected.values()} == {"A", "B", "C", "refused"}
    with (folder / "out.csv").open(newline="", encoding="utf-8") as file:
        results = {row["supplier"]: row for row in csv.DictReader(file)}
    told = {each: (int(row["total"]), row["grade"]) for each, row in results.items()}
    assert told == expected
