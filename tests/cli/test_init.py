"""`sopc init`: files that work, and nothing of the user's lost."""

from pathlib import Path

from typer.testing import CliRunner

from sopc.cli.app import app
from sopc.organization import load_organization
from sopc_compiler.llm import resolve_settings
from sopc_compiler.read.reader import read_document


def test_the_files_it_makes_are_valid(tmp_path: Path) -> None:
    """Settings, organization file and example are read without a complaint."""
    folder = tmp_path / "new"
    done = CliRunner().invoke(app, ["init", str(folder)])
    assert done.exit_code == 0
    assert f"next: `sopc compile {folder.as_posix()}/sops`" in done.stderr
    assert resolve_settings(folder=folder, environ={}).embedded
    assert load_organization(folder / "organization.yaml").role("office lead") is not None
    assert len(read_document(folder / "sops/example.md").passages) == 6


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    """A second call, or a file of the user's, changes nothing."""
    (tmp_path / "sopc.toml").write_text("# mine\n")
    done = CliRunner().invoke(app, ["init", str(tmp_path)])
    assert (tmp_path / "sopc.toml").read_text() == "# mine\n"
    assert "kept    " in done.stderr
    assert (tmp_path / "sops/example.md").is_file()


def test_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    """A folder cannot be made where a file stands."""
    (tmp_path / "taken").write_text("")
    done = CliRunner().invoke(app, ["init", str(tmp_path / "taken")])
    assert done.exit_code == 2
    assert done.stderr.startswith("error: `")
