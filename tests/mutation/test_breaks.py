"""Every break of a graph without findings is named, and what changes no meaning raises nothing."""

from importlib import import_module
from pathlib import Path

import pytest

from mutation.breaks import BREAKERS, Break
from mutation.precise import FILES, PEOPLES_WORK, TODAY, Precise, load
from sopc.checking import CheckOptions, check_files
from sopc.diagnostics import full
from sopc.graph import StepGraph
from sopc.graph.file import dump_graph
from sopc.rules import RULES, GraphRule

for family in sorted(Path(__file__).parent.glob("*_breaks.py")):
    import_module(f"mutation.{family.stem}")  # which registers its breaks

GRAPHS = {path.parent.name: load(path) for path in FILES}


def _breaks(rule: str, precise: Precise) -> list[Break]:
    breakers = BREAKERS[rule]
    return [each for one in breakers for each in one(precise.data, precise.organization)]


@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_has_no_findings(name: str) -> None:
    """Otherwise a break would prove nothing."""
    options = CheckOptions(today=TODAY, ignore=PEOPLES_WORK)
    report = check_files([GRAPHS[name].path], options)
    assert full(report) == ""


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("rule", BREAKERS)
def test_every_break_is_named_by_its_rule(rule: str, name: str) -> None:
    """In whatever step it is: the finding is about that step, and says what is wrong there."""
    precise = GRAPHS[name]
    for broken in _breaks(rule, precise):
        found = precise.flaws(rule, broken.data, broken.organization, broken.prose)
        named = [flaw for flaw in found if not broken.steps or flaw.step in broken.steps]
        assert any(broken.message in flaw.message for flaw in named), broken.where


def test_every_rule_about_graphs_is_tried_on_some_graph() -> None:
    """A rule without a break, or a break that fits nowhere, tries nothing."""
    tried = {
        rule for rule in BREAKERS if any(_breaks(rule, precise) for precise in GRAPHS.values())
    }
    assert tried == {rule.name for rule in RULES if isinstance(rule, GraphRule)} - WITHOUT_BREAKS


WITHOUT_BREAKS: set[str] = set()


@pytest.mark.parametrize("rule", BREAKERS)
def test_the_whole_check_names_the_break_too(rule: str, tmp_path: Path) -> None:
    """From the file to the report, in the first and the last place of each graph."""
    for name, precise in GRAPHS.items():
        made = [
            each
            for each in _breaks(rule, precise)
            if each.organization is None and each.prose is None
        ]
        for broken in (*made[:1], *made[1:][-1:]):
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            for path in precise.path.parent.glob("*"):
                if path.is_file() and path.suffix in {".md", ".yaml"}:
                    (folder / path.name).write_bytes(path.read_bytes())
            file = folder / precise.path.name
            file.write_text(dump_graph(StepGraph.model_validate(broken.data)), encoding="utf-8")
            report = check_files([file], CheckOptions(today=TODAY))
            assert rule in {finding.rule for finding in report.findings}, broken.where
