"""Each example's graph and report are what the compiler makes of its prose today.

The model's answers are recorded (`cassettes/`, see `tests/cassettes.py`). After a change of a pass
or a rule, `SOPC_UPDATE=1 pytest tests/examples` writes graphs and reports anew from them; the
difference is for people to read. A change of a prompt needs new recordings.
"""

import os
from datetime import date
from pathlib import Path

import pytest
from cassettes import ModelCassette
from sopc.checking import CheckOptions, check_files
from sopc.diagnostics import full
from sopc.graph import StepGraph
from sopc.graph.file import dump_graph, load_graph
from sopc.organization import find_organization, load_organization
from sopc_compiler.answers import load_answers
from sopc_compiler.compilation import Compilation, compile_document
from sopc_compiler.llm import Gateway, resolve_settings
from sopc_compiler.read.reader import read_document

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/*.md"))
TODAY = date(2026, 11, 22)
UPDATE = bool(os.environ.get("SOPC_UPDATE") or os.environ.get("SOPC_RECORD"))


def compiled(name: str) -> Compilation:
    """Compile an example as `sopc compile` does."""
    folder = EXAMPLES / name
    prose = folder / f"{name}.md"
    answers = folder / f"{name}.answers.yaml"
    organization = find_organization(folder)
    with Gateway(resolve_settings(folder=folder)) as gateway:
        return compile_document(
            read_document(prose),
            gateway=gateway,
            organization=None if organization is None else load_organization(organization),
            answers=load_answers(answers) if answers.exists() else None,
            source_path=prose.name,
            graph_id=name,
        )


def kept(path: Path, text: str) -> str:
    """The expected text of a file, after writing it if that was asked for."""
    if UPDATE:
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_graph_is_what_the_prose_compiles_to(name: str, model_cassette: ModelCassette) -> None:
    """The committed graph is byte for byte what the passes make of the recorded answers."""
    with model_cassette(name):
        compilation = compiled(name)
    text = dump_graph(compilation.graph)
    assert text == kept(EXAMPLES / name / f"{name}.sop.yaml", text)
    assert not compilation.answers.stale
    assert not compilation.answers.unused


@pytest.mark.parametrize("name", NAMES)
def test_the_report_is_as_expected(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`sopc check` says about each example what its committed report says."""
    monkeypatch.chdir(EXAMPLES / name)
    text = full(check_files([Path(f"{name}.sop.yaml")], CheckOptions(today=TODAY)))
    assert text == kept(EXAMPLES / name / f"{name}.check.txt", text)


@pytest.mark.parametrize("name", NAMES)
def test_every_citation_stands_in_the_prose(name: str) -> None:
    """Each quote of a committed graph is found at its line and column."""
    graph = load_graph(EXAMPLES / name / f"{name}.sop.yaml").graph
    document = read_document(EXAMPLES / name / f"{name}.md")
    cited = list(citations(graph))
    assert cited
    for cite in cited:
        start = document.offset(cite["line"], cite["column"])
        source = document.text[start : start + cite["length"]]
        assert " ".join(source.split()) == cite["quote"]


def citations(graph: StepGraph) -> list[dict[str, object]]:
    """Every citation of the prose in a graph, as plain data."""
    found = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            if "quote" in value and "line" in value:
                found.append(value)
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                walk(inner)

    walk(graph.model_dump(mode="json"))
    return found
