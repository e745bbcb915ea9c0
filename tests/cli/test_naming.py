"""Which graph file a person means, and what is said where there is none."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sopc.cli.app import app
from sopc.cli.naming import graph_of
from sopc.errors import UsageError

SAMPLE = Path(__file__).parents[2] / "docs" / "sample"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one graph and its prose, and nothing else."""
    for name in ("refunds.md", "refunds.sop.yaml"):
        shutil.copy(SAMPLE / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["refunds", "refunds.md", "refunds.sop.yaml"])
def test_a_graph_is_meant_by_its_prose_and_its_name_too(name: str) -> None:
    assert graph_of(Path(name)) == Path("refunds.sop.yaml")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["refunds.sop.yml", "refund.sop.yaml", "refnds"])
def test_a_graph_that_is_not_there_is_told_as_it_was_named(name: str) -> None:
    """Not by a name that sopc made of it; the nearest one that is there is offered."""
    with pytest.raises(UsageError, match=f"there is no graph file `{name}`") as caught:
        graph_of(Path(name))
    assert caught.value.hint == (
        "check the path" if name == "refnds" else "did you mean `refunds.sop.yaml`"
    )


def test_a_folder_is_no_graph(folder: Path) -> None:
    """What is in it is named, whichever command it is given to."""
    for words in (("deploy", ".", "--data", "d"), ("simulate", "."), ("sign", ".", "--by", "A B")):
        done = CliRunner().invoke(app, list(words))
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr == (
            "error: `.` is a folder, no graph file\nhelp: name what is in it: `refunds.sop.yaml`\n"
        )
    (folder / "empty").mkdir()
    with pytest.raises(UsageError) as caught:
        graph_of(Path("empty"))
    assert caught.value.hint == "it holds none"


@pytest.mark.usefixtures("folder")
def test_a_procedure_is_simulated_by_its_name() -> None:
    done = CliRunner().invoke(app, ["simulate", "refunds", "--at", "2026-03-03 09:00"])
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Tue 2026-03-03 09:00:00  started by")
