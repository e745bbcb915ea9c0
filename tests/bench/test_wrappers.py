"""The commands of the benchmarks start from any folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


def _run(name: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BENCH / name, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["quality", "compile"])
def test_help_from_another_folder(name: str, tmp_path: Path) -> None:
    """`--help` names the command as it is called, and its options."""
    done = _run(name, "--help", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"usage: bench/{name} ")
    assert "--documents" in done.stdout


def test_documents_need_facts(tmp_path: Path) -> None:
    """Documents without labels are refused before anything is compiled."""
    done = _run("quality", "--documents", str(tmp_path), folder=tmp_path)
    assert done.returncode == 2
    assert "--documents and --facts go together" in done.stderr
