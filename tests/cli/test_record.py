"""Finished compilations: found again when nothing changed, and only then."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sopc.cli.record import RecordingCompiler
from sopc.graph import HumanTaskStep, Procedure, Source, StepGraph
from sopc.organization import Organization
from sopc_compiler.answers import Answer, Answers, AnswersReport, StaleAnswer
from sopc_compiler.read.document import Document
from sopc_compiler.read.reader import read_text

PROSE = "# Welcome\n"
ENTRY = Answer(id="who", passage="0123456789ab", field="step 1 role", value="Clerk")


@dataclass
class Compiled:
    graph: StepGraph
    answers: AnswersReport


class Counting:
    """Counts how often it compiles."""

    def __init__(self, report: AnswersReport | None = None) -> None:
        self.calls = 0
        self._report = report or AnswersReport()

    def __call__(self, document: Document, **given: Any) -> Compiled:
        self.calls += 1
        step = HumanTaskStep(id="do", title=f"Do: “{document.passages[0].text}”")
        graph = StepGraph(
            id=given["graph_id"],
            title="Welcome",
            source=Source(path=given["source_path"], sha256=document.sha256),
            procedures=(Procedure(id="main", title="Main", steps=(step,)),),
        )
        return Compiled(graph, self._report)


def _compiled(compiler: Counting, folder: Path, *, model: str = "small", **changed: Any) -> Any:
    given: dict[str, Any] = {
        "organization": None,
        "answers": None,
        "source_path": "welcome.md",
        "graph_id": "welcome",
    }
    prose = changed.pop("prose", PROSE)
    recording = RecordingCompiler(compiler, folder, {"model": model})
    return recording(read_text(prose, name="welcome.md"), **(given | changed))


def test_nothing_is_compiled_twice(tmp_path: Path) -> None:
    """The same input gives an equal graph, without compiling."""
    compiler = Counting()
    first = _compiled(compiler, tmp_path)
    second = _compiled(compiler, tmp_path)
    assert compiler.calls == 1
    assert second.graph == first.graph


@pytest.mark.parametrize(
    "changed",
    [
        {"prose": "# Welcome!\n"},
        {"organization": Organization(name="Example")},
        {"answers": Answers((ENTRY,))},
        {"source_path": "../welcome.md"},
        {"graph_id": "other"},
        {"model": "large"},
    ],
)
def test_whatever_changes_is_compiled(changed: dict[str, Any], tmp_path: Path) -> None:
    """Prose, organization, answers, paths and model all count."""
    compiler = Counting()
    _compiled(compiler, tmp_path)
    _compiled(compiler, tmp_path, **changed)
    assert compiler.calls == 2


def test_answers_that_do_not_apply_are_told_every_time(tmp_path: Path) -> None:
    """A compilation with stale answers is not kept, so that its warning comes again."""
    compiler = Counting(AnswersReport(stale=(StaleAnswer(ENTRY),)))
    for _ in range(2):
        made = _compiled(compiler, tmp_path, answers=Answers((ENTRY,)))
        assert made.answers.stale == (StaleAnswer(ENTRY),)
    assert compiler.calls == 2


def test_a_damaged_record_is_compiled_again(tmp_path: Path) -> None:
    """What cannot be read counts as not there, and is written anew."""
    compiler = Counting()
    _compiled(compiler, tmp_path)
    (record,) = tmp_path.iterdir()
    record.write_bytes(b"\xff\x00 broken")
    _compiled(compiler, tmp_path)
    _compiled(compiler, tmp_path)
    assert compiler.calls == 2
