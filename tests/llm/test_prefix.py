"""Read prefixes on disk, and turns between processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sopc_compiler.llm.prefix import KEPT, WORTH, PrefixStore
from sopc_compiler.llm.turn import turn

LONG = "x" * WORTH


class Store(PrefixStore):
    """A store whose server writes files as llama.cpp does, or refuses."""

    folder: Path
    refuses = False

    def _act(self, action: str, name: str) -> bool:
        if action == "save" and not self.refuses:
            (self.folder / name).write_text("state")
        return not self.refuses


def store(folder: Path, identity: str = "model 1") -> Store:
    """A store in a folder."""
    made = Store(folder, base_url="http://127.0.0.1:9", api_key="k", identity=identity)
    made.folder = folder
    return made


def test_a_saved_prefix_is_restored(tmp_path: Path) -> None:
    """What was saved is restored for the same prefix, model and version only."""
    store(tmp_path).save(LONG)

    assert store(tmp_path).restore(LONG)
    assert not store(tmp_path).restore(LONG + "y")
    assert not store(tmp_path, "model 2").restore(LONG)


def test_a_state_that_the_server_refuses_is_dropped(tmp_path: Path) -> None:
    """A damaged or foreign state is deleted, and the prefix is read anew."""
    kept = store(tmp_path)
    kept.save(LONG)
    kept.refuses = True

    assert not kept.restore(LONG)
    assert list(tmp_path.iterdir()) == []


def test_short_prefixes_are_not_kept(tmp_path: Path) -> None:
    """A prefix that is read in a moment takes no space."""
    store(tmp_path).save("short")

    assert list(tmp_path.iterdir()) == []


def test_the_oldest_states_are_dropped(tmp_path: Path) -> None:
    """Only the newest states are kept."""
    kept = store(tmp_path)
    for number in range(KEPT + 2):
        kept.save(LONG + str(number))
        for file in tmp_path.iterdir():
            stat = file.stat()
            os.utime(file, (stat.st_atime, stat.st_mtime - 10))

    assert len(list(tmp_path.iterdir())) == KEPT
    assert not kept.restore(LONG + "0")
    assert kept.restore(LONG + str(KEPT + 1))


def test_a_server_out_of_reach_restores_nothing(tmp_path: Path) -> None:
    """A store without a server gives False instead of failing."""
    store(tmp_path).save(LONG)
    unreachable = PrefixStore(
        tmp_path, base_url="http://127.0.0.1:9", api_key="k", identity="model 1"
    )

    assert not unreachable.restore(LONG)


@pytest.mark.skipif(os.name == "nt", reason="turns need POSIX locks")
def test_a_second_process_waits_for_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one process asks its model, another waits; then it goes on."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    program = (
        "from sopc_compiler.llm.turn import turn\n"
        "print('ready', flush=True)\n"
        "with turn(): print('mine', flush=True)"
    )
    environ = os.environ | {
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    command = [sys.executable, "-c", program]
    with turn():
        other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ)
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.3)
    with other:
        assert other.stdout.readline() == "mine\n"
