"""Connector `files`, on real folders."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.connectors.conformance import Conformance
from sopc.errors import UsageError
from sopc.graph import Failure
from sopc.organization import Binding, Organization, System, Template
from sopc_runtime.connectors.connector import CannotLookUpError, ConnectorError, Request
from sopc_runtime.connectors.files import FilesConnector


def files(root: Path, folder: str = "share") -> FilesConnector:
    binding = Binding(connector="files", settings={"folder": folder})
    system = System(id="drive", name="Drive", binding=binding)
    templates = (Template(name="brief", file="brief.md"),)
    organization = Organization(name="Tidewater", systems=(system,), templates=templates)
    return FilesConnector(system, organization, root)


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    (folder / "template/docs").mkdir(parents=True)
    (folder / "template/docs/plan.txt").write_text("plan", encoding="utf-8")
    return folder


@pytest.fixture
def drive(tmp_path: Path, share: Path) -> FilesConnector:
    assert share.is_dir()
    return files(tmp_path)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def ask(operation: str, **inputs: Any) -> Request:
    return Request(operation=operation, inputs=inputs, key="k")


def failure(drive: FilesConnector, request: Request) -> ConnectorError:
    with pytest.raises(ConnectorError) as told:
        drive.perform(request)
    assert told.value.certain
    return told.value


class TestFiles(Conformance):
    @pytest.fixture
    def connector(self, drive: FilesConnector) -> FilesConnector:
        return drive

    @pytest.fixture
    def asked(self) -> Request:
        return ask("append_line", path="register.txt", content="a new client " * 20)

    @pytest.fixture
    def received(self, share: Path) -> Callable[[], int]:
        file = share / "register.txt"
        return lambda: len(file.read_text(encoding="utf-8").splitlines()) if file.exists() else 0

    @pytest.fixture
    def incomplete(self) -> Request:
        return ask("append_line", path="register.txt")

    @pytest.fixture
    def refused(self) -> Request:
        return ask("copy_folder", source="template", path="template")

    @pytest.fixture
    def slow(self) -> None:
        """A folder is not waited for."""

    @pytest.fixture
    def unreachable(self, tmp_path: Path) -> tuple[FilesConnector, Request]:
        return files(tmp_path, "gone"), ask("write_file", path="a.txt", content="a")


def test_a_client_folder_is_made_from_a_template(drive: FilesConnector, share: Path) -> None:
    request = ask("copy_folder", source="template", path="clients", name="Acme/Blue: <Ltd>")
    assert drive.look_up(request) is None
    assert drive.render(request)["path"] == "clients/Acme-Blue- -Ltd-"
    assert drive.perform(request).values == {"path": "clients/Acme-Blue- -Ltd-"}
    made = share / "clients/Acme-Blue- -Ltd-/docs/plan.txt"
    assert made.read_text(encoding="utf-8") == "plan"
    assert names(share / "clients") == ["Acme-Blue- -Ltd-"]
    assert drive.look_up(request) is not None
    assert failure(drive, request).failure is Failure.REFUSED


def test_a_template_is_written_to_a_file(
    drive: FilesConnector, tmp_path: Path, share: Path
) -> None:
    (tmp_path / "brief.md").write_text("# {{ client }}\n", encoding="utf-8")
    request = replace(
        ask("write_file", path="a/brief.md"), template="brief", values={"client": "{{ 1 }}"}
    )
    assert drive.render(request)["content"] == "# {{ 1 }}\n"
    assert drive.look_up(request) is None
    drive.perform(request)
    assert (share / "a/brief.md").read_text(encoding="utf-8") == "# {{ 1 }}\n"
    assert drive.look_up(request) is not None
    drive.perform(replace(request, values={"client": "B"}))
    assert drive.look_up(request) is None
    assert names(share / "a") == ["brief.md"]


def test_files_are_read_listed_moved_and_deleted(drive: FilesConnector, share: Path) -> None:
    drive.perform(ask("create_folder", path="in/box"))
    drive.perform(ask("create_folder", path="/", name="in/box"))
    drive.perform(ask("delete", path="in-box"))
    drive.perform(ask("create_folder", path="in/box"))
    drive.perform(ask("write_file", path="in/a.txt", content="ä"))
    assert drive.perform(ask("list_folder", path="in")).values == {"names": ["a.txt", "box/"]}
    assert drive.perform(ask("list_folder", path="/")).values == {"names": ["in/", "template/"]}
    assert drive.perform(ask("read_file", path="in/a.txt")).values == {"content": "ä"}
    moving = ask("move", source="in/a.txt", path="done/a.txt")
    assert drive.look_up(moving) is None
    drive.perform(moving)
    assert drive.look_up(moving) is not None
    assert failure(drive, moving).failure is Failure.NOT_FOUND
    drive.perform(ask("move", source="in", path="out"))
    assert failure(drive, ask("delete", path="out")).failure is Failure.REFUSED
    for path in ("out/box", "out", "done/a.txt", "done/a.txt"):
        drive.perform(ask("delete", path=path))
    assert names(share) == ["done", "template"]


def test_what_is_there_is_never_overwritten_by_moving(drive: FilesConnector, share: Path) -> None:
    for name in ("a", "b"):
        (share / name).write_text(name, encoding="utf-8")
    assert failure(drive, ask("move", source="a", path="b")).failure is Failure.REFUSED
    assert (share / "b").read_text(encoding="utf-8") == "b"
    told = failure(drive, ask("move", source="template", path="template/inside"))
    assert told.failure is Failure.REFUSED


@pytest.mark.parametrize(
    "path",
    [
        "../outside.txt",
        "a/../../outside.txt",
        "/etc/passwd",
        "a//b",
        "./a",
        "a\\..\\b",
        "a\x00b",
        "a\nb",
        "link/inside.txt",
        "to-file",
        "x" * 300,
    ],
)
def test_nothing_leads_out_of_the_folder(
    drive: FilesConnector, tmp_path: Path, share: Path, path: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "inside.txt").write_text("theirs", encoding="utf-8")
    (share / "link").symlink_to(outside)
    (share / "to-file").symlink_to(outside / "inside.txt")
    for request in (
        ask("write_file", path=path, content="ours"),
        ask("append_line", path=path, content="ours"),
        ask("read_file", path=path),
        ask("delete", path=path),
        ask("move", source=path, path="here"),
        ask("copy_folder", source="template", path=path),
        ask("create_folder", path=path),
    ):
        assert failure(drive, request).failure is Failure.REFUSED
        with pytest.raises(ConnectorError):
            drive.render(request)
    assert (outside / "inside.txt").read_text(encoding="utf-8") == "theirs"
    assert names(outside) == ["inside.txt"]


@pytest.mark.parametrize("name", ["..", " . ", "///", "", "con", "-"])
def test_names_of_data_that_nothing_is_left_of_are_missing_data(
    drive: FilesConnector, name: str
) -> None:
    told = failure(drive, ask("create_folder", path="clients", name=name))
    assert told.failure is Failure.MISSING_DATA


def test_links_within_a_template_are_copied_as_links(drive: FilesConnector, share: Path) -> None:
    (share / "template/secret").symlink_to("/etc/hostname")
    drive.perform(ask("copy_folder", source="template", path="copy"))
    assert (share / "copy/secret").is_symlink()
    assert failure(drive, ask("read_file", path="copy/secret")).failure is Failure.REFUSED


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (ask("read_file", path="gone"), Failure.NOT_FOUND),
        (ask("list_folder", path="gone"), Failure.NOT_FOUND),
        (ask("copy_folder", source="gone", path="a"), Failure.NOT_FOUND),
        (ask("read_file", path="template"), Failure.REFUSED),
        (ask("read_file", path="binary"), Failure.MISSING_DATA),
        (ask("write_file", path="template", content="a"), Failure.REFUSED),
        (ask("write_file", path="binary/a", content="a"), Failure.REFUSED),
        (ask("create_folder", path="binary"), Failure.REFUSED),
        (ask("delete", path="/"), Failure.REFUSED),
        (ask("delete", path="/etc", name="a/b"), Failure.REFUSED),
        (ask("shred", path="a"), Failure.REFUSED),
        (ask("delete", path="a", recursive=True), Failure.REFUSED),
        (ask("delete"), Failure.MISSING_DATA),
    ],
)
def test_what_cannot_be_done_is_told(
    drive: FilesConnector, share: Path, request_: Request, kind: Failure
) -> None:
    (share / "binary").write_bytes(b"\xff\xfe")
    assert failure(drive, request_).failure is kind


def test_nothing_waits_for_a_pipe(drive: FilesConnector, share: Path) -> None:
    """Writing to one would wait until somebody reads it."""
    os.mkfifo(share / "pipe")
    with pytest.raises(ConnectorError, match="`pipe` is no file"):
        drive.perform(Request(operation="append_line", inputs={"path": "pipe", "content": "x"}))
    with pytest.raises(ConnectorError, match="`pipe` is no file"):
        drive.perform(Request(operation="read_file", inputs={"path": "pipe"}))


def test_whether_a_line_was_added_cannot_be_seen(drive: FilesConnector) -> None:
    with pytest.raises(CannotLookUpError):
        drive.look_up(ask("append_line", path="a", content="b"))


def test_a_binding_without_a_folder_is_refused(tmp_path: Path) -> None:
    system = System(id="drive", name="Drive", binding=Binding(connector="files"))
    with pytest.raises(UsageError, match="setting `folder` is missing"):
        FilesConnector(system, Organization(name="T", systems=(system,)), tmp_path)


def test_a_path_that_leads_round_in_a_circle_or_is_too_long_is_refused(
    drive: FilesConnector, share: Path
) -> None:
    (share / "loop").symlink_to("loop")
    for path in ("loop/file", "a/" * 3000 + "file"):
        asked = ask("write_file", path=path, content="a")
        assert failure(drive, asked).failure is Failure.REFUSED
        with pytest.raises(ConnectorError):
            drive.render(asked)


@pytest.mark.parametrize("fault", ["fsync", "write"])
def test_a_line_that_may_have_been_written_is_in_doubt(
    drive: FilesConnector, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The disk is full, or breaks, in the midst of it."""
    write = os.write

    def broken(handle: int, *given: Any) -> int:
        if fault == "write":
            return write(handle, given[0][:2])
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, fault, broken)
    with pytest.raises(ConnectorError) as told:
        drive.perform(ask("append_line", path="log.txt", content="a line"))
    assert (told.value.failure, told.value.certain) == (Failure.UNAVAILABLE, False)
