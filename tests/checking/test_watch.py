"""`sopc check --watch`."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checking.graphs import CLEAN, WARNS
from sopc.checking import CheckOptions
from sopc.cli.watch import watched
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sopc.diagnostics import Report


def test_files_are_checked_again_after_each_change(tmp_path: Path) -> None:
    """Once at the start, and once for whatever the folder tells."""
    file = tmp_path / "a.sop.yaml"
    file.write_text(WARNS, encoding="utf-8")
    reports: list[Report] = []

    def changes(*folders: Path, **_: object) -> Iterator[object]:
        assert folders == (tmp_path,)
        yield ""
        yield ""
        file.write_text(CLEAN, encoding="utf-8")
        yield "mended"
        file.write_text("format: 1\n", encoding="utf-8")
        yield "broken"

    watched([tmp_path], CheckOptions(), reports.append, changes)
    codes = [[finding.code for finding in report.findings] for report in reports]
    assert codes[:2] == [["SOP301"], []]
    assert set(codes[2]) == {"SOP003"}


def test_what_cannot_be_checked_now_is_told_and_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A graph that is not there yet may be compiled in the next minute."""
    reports: list[Report] = []

    def changes(*_: Path, **__: object) -> Iterator[object]:
        yield ""
        (tmp_path / "a.sop.yaml").write_text(CLEAN, encoding="utf-8")
        yield "made"

    watched([tmp_path], CheckOptions(), reports.append, changes)
    assert len(reports) == 1
    assert "holds no `*.sop.yaml`" in capsys.readouterr().err


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """There is nothing to wait in."""
    with pytest.raises(UsageError, match="there is no folder"):
        watched([tmp_path / "no" / "a.sop.yaml"], CheckOptions(), lambda _: None)


def test_a_change_on_disk_is_seen_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    """The program as it is called, with the real file system."""
    file = tmp_path / "a.sop.yaml"
    file.write_text(WARNS, encoding="utf-8")
    command = [sys.executable, "-m", "sopc", "check", "--watch", "--format", "concise", "."]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert "missing-deadline" in process.stdout.readline()
        assert process.stderr.readline() == "1 warning in 1 file\n"
        assert "waiting for changes" in process.stderr.readline()
        file.write_text(CLEAN, encoding="utf-8")
        assert process.stderr.readline() == "no findings in 1 file\n"
        assert "waiting for changes" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.communicate()
