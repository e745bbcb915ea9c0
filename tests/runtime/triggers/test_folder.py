"""Watched folders: files at rest become events, once."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from runtime.triggers.deployed import NOW, deploy, graph
from sopc.errors import WorkError
from sopc_runtime.core.event import EVENT, Started
from sopc_runtime.store.database import open_database
from sopc_runtime.store.tables import mail
from sopc_runtime.triggers import folder as folder_module
from sopc_runtime.triggers.delivery import Status
from sopc_runtime.triggers.folder import Folder, read_rows
from sopc_runtime.triggers.settings import FolderSettings

TRIGGER = (
    "kind: event, id: t, says: a file arrives, system: drop, payload: ["
    "{name: name, type: string}, {name: size, type: integer}, "
    "{name: rows, type: list, items: object, fields: [{name: amount, type: integer}], "
    "required: false}, {name: text, type: string, required: false}, "
    "{name: total, type: integer, required: false}]"
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(tmp_path / "data")
    with opened.begin() as connection:
        deploy(connection, "filing", graph("filing", TRIGGER))
    yield opened
    opened.dispose()


@pytest.fixture
def folder(tmp_path: Path, engine: Engine) -> Callable[..., Folder]:
    (tmp_path / "in").mkdir()
    clock = [NOW]

    def later() -> Any:
        clock[0] += timedelta(seconds=1)
        return clock[0]

    def make(**settings: Any) -> Folder:
        told = FolderSettings.model_validate({"system": "drop", "path": "in", **settings})
        return Folder(told, tmp_path, engine, later)

    return make


def _looked(folder: Folder) -> list[Any]:
    return [outcome for _ in range(4) for outcome in folder.look()]


def _values(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        events = [
            EVENT.validate_json(each) for each in connection.execute(select(mail.c.event)).scalars()
        ]
    return [event.values for event in events if isinstance(event, Started)]


def test_a_file_is_taken_in_when_it_has_come_to_rest(
    folder: Callable[..., Folder], engine: Engine
) -> None:
    """Not while it grows; then it is moved out of the way."""
    watched = folder()
    path = watched.path / "a.csv"
    for size in range(1, 4):
        path.write_text("x" * size, encoding="utf-8")
        assert watched.look() == []
    [outcome] = _looked(watched)
    assert outcome.status is Status.STARTED
    assert _values(engine) == [{"name": "a.csv", "size": 3}]
    assert [each.name for each in (watched.path / "done").iterdir()] == ["a.csv"]
    assert not path.exists()


def test_the_same_file_twice_is_one_event_and_another_content_is_another(
    folder: Callable[..., Folder], engine: Engine
) -> None:
    """Neither overwrites what was moved before."""
    watched = folder()
    for text in ("one", "one", "two"):
        (watched.path / "a.txt").write_text(text, encoding="utf-8")
        _looked(watched)
    assert len(_values(engine)) == 2
    assert sorted(each.name for each in (watched.path / "done").iterdir()) == [
        "a-2.txt",
        "a-3.txt",
        "a.txt",
    ]


def test_files_that_stay_are_remembered(folder: Callable[..., Folder], engine: Engine) -> None:
    """Even by another process, from the database."""
    watched = folder(done="keep")
    (watched.path / "a.txt").write_text("one", encoding="utf-8")
    assert len(_looked(watched)) == 1
    assert _looked(watched) == []
    [again] = _looked(folder(done="keep"))
    assert (again.repeated, len(_values(engine))) == (True, 1)


@pytest.mark.parametrize(
    ("parse", "text", "values"),
    [
        ("csv", "amount\n5\n6\n", {"rows": [{"amount": 5}, {"amount": 6}]}),
        ("json", '{"total": 7, "name": "forged"}', {"total": 7}),
        ("text", "caf\u00e9", {"text": "caf\u00e9"}),
    ],
)
def test_what_a_file_holds_is_read_as_was_said(
    folder: Callable[..., Folder], engine: Engine, parse: str, text: str, values: dict[str, Any]
) -> None:
    """A file cannot claim another name than its own."""
    watched = folder(parse=parse)
    (watched.path / "a.dat").write_text(text, encoding="utf-8")
    _looked(watched)
    assert _values(engine) == [{"name": "a.dat", "size": len(text.encode()), **values}]


@pytest.mark.parametrize(
    ("parse", "content", "problem"),
    [
        ("csv", b"amount\n1,2\n", "line 2 has not as many values as there are columns"),
        ("csv", b'amount\n"1\n', "it is no CSV: unexpected end of data (line 1)"),
        ("csv", b"amount\nfive\n", "filing: `rows[0].amount` is no integer: 'five'"),
        ("json", b"{", "it is no JSON: expecting property name"),
        ("text", b"\xff", "it is not UTF-8"),
        ("text", b"x" * 200, "it is larger than 100 bytes"),
    ],
)
def test_what_cannot_be_read_is_refused_and_put_aside(
    folder: Callable[..., Folder], engine: Engine, parse: str, content: bytes, problem: str
) -> None:
    """Nothing is started, and the file is still there."""
    watched = folder(parse=parse, most_bytes=100)
    (watched.path / "a.dat").write_bytes(content)
    [outcome] = _looked(watched)
    assert outcome.status is Status.REFUSED
    assert outcome.problems[0].startswith(problem)
    assert (watched.path / "refused" / "a.dat").read_bytes() == content
    assert _values(engine) == []


def test_links_hidden_and_half_written_files_are_left_alone(
    folder: Callable[..., Folder], tmp_path: Path
) -> None:
    """A link could show what lies elsewhere on the machine."""
    watched = folder(pattern="*.txt")
    (tmp_path / "secret.txt").write_text("s", encoding="utf-8")
    (watched.path / "link.txt").symlink_to(tmp_path / "secret.txt")
    for name in (".hidden.txt", "a.txt.part", "b.csv"):
        (watched.path / name).write_text("x", encoding="utf-8")
    assert _looked(watched) == []


def test_a_folder_that_is_gone_is_told(folder: Callable[..., Folder]) -> None:
    """In a line that names it."""
    with pytest.raises(WorkError, match=r"cannot look into folder `.*nowhere`: no such file"):
        folder(path="nowhere").look()


def test_a_file_that_is_written_to_while_it_is_read_is_not_at_rest(
    folder: Callable[..., Folder], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first half is no event; all of it is, when it has come to rest."""
    watched = folder(parse="text")
    path = watched.path / "a.txt"
    path.write_text("half", encoding="utf-8")
    read = folder_module.delivered
    more = [" and half"]

    def read_slowly(*words: Any) -> Any:
        given = read(*words)
        with path.open("a", encoding="utf-8") as file:
            file.write(more.pop() if more else "")
        return given

    monkeypatch.setattr(folder_module, "delivered", read_slowly)
    [outcome] = [each for _ in range(3) for each in _looked(watched)]
    assert outcome.status is Status.STARTED
    assert [each["text"] for each in _values(engine)] == ["half and half"]


def test_a_file_that_comes_in_the_place_of_one_that_was_read_is_not_moved_unread(
    folder: Callable[..., Folder], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a sender writes one name again and again."""
    watched = folder(parse="text")
    path = watched.path / "a.txt"
    path.write_text("first", encoding="utf-8")
    taken_in = folder_module.receive
    others = ["second one"]

    def receive_late(*words: Any) -> Any:
        if others:
            path.write_text(others.pop(), encoding="utf-8")
        return taken_in(*words)

    monkeypatch.setattr(folder_module, "receive", receive_late)
    assert len([each for _ in range(3) for each in _looked(watched)]) == 2
    assert [each["text"] for each in _values(engine)] == ["first", "second one"]


def test_a_file_that_cannot_be_moved_keeps_no_other_waiting(
    folder: Callable[..., Folder], engine: Engine
) -> None:
    """It is told, and taken in once."""
    watched = folder(refused="nowhere", parse="json")
    (watched.path / "nowhere").write_text("no folder", encoding="utf-8")
    (watched.path / "a.json").write_text("no JSON", encoding="utf-8")
    (watched.path / "b.json").write_text("{}", encoding="utf-8")
    for _ in range(4):
        with suppress(WorkError):
            watched.look()
    with pytest.raises(WorkError, match=r"cannot move `.*a\.json` to `.*nowhere`: "):
        watched.look()
    assert [each["name"] for each in _values(engine)] == ["b.json"]


def test_columns_of_one_name_are_refused() -> None:
    """Nobody knows which of the values is meant."""
    assert read_rows("a,b,a\n1,2,3\n") == ([], "column `a` stands twice")
