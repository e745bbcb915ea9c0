"""Connector `mcp`, against servers in this process, in one of their own, and over HTTP."""

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.connectors.conformance import SECRET, VARIABLE
from runtime.connectors.tool_cases import ASKED, ToolCases, bound, failure
from runtime.connectors.tool_server import tool_server
from sopc.errors import UsageError
from sopc.graph import DataField, DataType, Failure
from sopc.organization import Operation
from sopc_runtime.connectors.connector import CannotLookUpError, Request
from sopc_runtime.connectors.mcp import McpConnector

SERVER = Path(__file__).with_name("tool_server.py")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "calls.log"
    file.touch()
    return file


@pytest.fixture
def here(tmp_path: Path, log: Path) -> Iterator[McpConnector]:
    """Give a connector whose server is in this process."""
    made = McpConnector(*bound(tmp_path, command="unused"), server=tool_server(log))
    yield made
    made.close()


@pytest.fixture
def apart(tmp_path: Path, log: Path) -> Iterator[McpConnector]:
    """Give a connector that starts its server."""
    made = started(tmp_path, log)
    yield made
    made.close()


def started(root: Path, log: Path, more: str = "", **settings: Any) -> McpConnector:
    args = f"'{SERVER}' '{log}' {more}"
    return McpConnector(*bound(root, command=sys.executable, args=args, **settings))


@pytest.fixture(scope="module")
def kept_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("till") / "calls.log"
    file.touch()
    return file


@pytest.fixture(scope="module")
def kept(kept_log: Path) -> Iterator[McpConnector]:
    """Give one for several tests, as a server takes its time to start."""
    made = started(kept_log.parent, kept_log, env=VARIABLE)
    yield made
    made.close()


class TestStarted(ToolCases):
    @pytest.fixture
    def log(self, kept_log: Path) -> Path:
        return kept_log

    @pytest.fixture
    def connector(self, kept: McpConnector) -> McpConnector:
        return kept

    @pytest.fixture
    def unreachable(self, tmp_path: Path) -> tuple[McpConnector, Request]:
        return McpConnector(*bound(tmp_path, command="no-such-program")), ASKED


def test_tools_are_operations_with_types_and_effects(here: McpConnector) -> None:
    found = {each.name: each for each in here.operations()}
    assert {name: (each.effect, each.idempotent) for name, each in found.items()} == {
        "score": ("read", True),
        "pay": ("write", True),
        "drop": ("delete", False),
        "post": (None, False),
        "plain": (None, False),
        "die": (None, False),
        "token": (None, False),
    }
    pay = found["pay"]
    assert pay.description == "Pay back a charge."
    assert pay.inputs == (
        DataField(name="charge", type=DataType.STRING),
        DataField(name="refund_amount", type=DataType.INTEGER, required=False),
        DataField(name="idempotency_key", type=DataType.STRING, required=False),
    )
    assert [(each.name, each.type) for each in pay.outputs] == [
        ("refund", DataType.STRING),
        ("amount_paid", DataType.INTEGER),
    ]
    why = found["drop"].input("why")
    assert why is not None
    assert (why.type, why.values) == (DataType.ENUM, ("old", "wrong"))


def test_names_and_the_key_go_to_the_tool_as_it_has_them(here: McpConnector, log: Path) -> None:
    inputs = {"charge": "ch-1", "refund_amount": 7}
    reply = here.perform(replace(ASKED, inputs=inputs, key="key-1"))
    assert reply.values == {"refund": "r-ch-1", "amount_paid": 7}
    assert log.read_text(encoding="utf-8") == "ch-1 key-1\n"
    with pytest.raises(CannotLookUpError):
        here.look_up(ASKED)


def test_a_result_that_is_no_object_is_the_only_output(here: McpConnector) -> None:
    read = Request(operation="score", inputs={"company": "Acme"}, effect="read")
    assert here.perform(read).values == {"points": 4}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("object", {"score": 7}),
        ("list", {"result": [1, 2]}),
        ("text", {"result": "hello"}),
        ("nan", {"result": "NaN"}),
    ],
)
def test_texts_are_read_as_json_where_they_are(
    here: McpConnector, kind: str, values: dict[str, Any]
) -> None:
    assert here.perform(Request(operation="plain", inputs={"kind": kind})).values == values


def test_a_result_of_the_wrong_type_is_missing_data(tmp_path: Path, log: Path) -> None:
    wrong = (
        Operation(name="score", outputs=(DataField(name="points", type=DataType.STRING),)),
        Operation(name="pay", outputs=(DataField(name="receipt", type=DataType.STRING),)),
    )
    made = McpConnector(*bound(tmp_path, wrong, command="unused"), server=tool_server(log))
    read = Request(operation="score", inputs={"company": "Acme"}, effect="read")
    told = failure(made, read)
    assert (told.failure, told.certain) == (Failure.MISSING_DATA, True)
    told = failure(made, ASKED)
    assert (told.failure, told.certain) == (Failure.MISSING_DATA, False)
    assert "`receipt` is missing" in str(told)
    made.close()


def test_a_tool_that_there_is_not_is_refused_with_the_nearest(here: McpConnector) -> None:
    told = failure(here, Request(operation="scores", inputs={"company": "Acme"}))
    assert (told.failure, told.certain) == (Failure.REFUSED, True)
    assert told.hint == "the nearest that it has is `score`"


def test_inputs_of_the_wrong_type_are_refused(here: McpConnector, log: Path) -> None:
    inputs = {"charge": "a", "refund_amount": "x"}
    told = failure(here, replace(ASKED, inputs=inputs))
    assert (told.failure, told.certain) == (Failure.REFUSED, True)
    assert log.read_text(encoding="utf-8") == ""


def test_a_read_that_is_late_certainly_did_nothing(here: McpConnector) -> None:
    slow = Request(operation="drop", inputs={"seconds": 5}, timeout=0.05, effect="read")
    told = failure(here, slow)
    assert (told.failure, told.certain) == (Failure.TIMED_OUT, True)


def test_a_template_is_the_text_of_a_tool(here: McpConnector, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Welcome, {{ client }}", encoding="utf-8")
    request = Request(
        operation="post",
        inputs={"channel": "#new"},
        template="note",
        values={"client": "{{ 7 * 7 }}"},
    )
    assert here.render(request)["arguments"] == {"channel": "#new", "text": "Welcome, {{ 7 * 7 }}"}
    assert here.perform(request).values == {"result": "#new: Welcome, {{ 7 * 7 }}"}
    null = replace(request, inputs={"channel": "#new", "text": None})
    assert here.perform(null).values == {"result": "#new: Welcome, {{ 7 * 7 }}"}
    named = replace(request, template="board", inputs={"channel": "a", "text": "b"})
    assert here.render(named)["arguments"]["template"] == "board"
    told = failure(here, named)
    assert told.failure is Failure.MISSING_DATA


def test_a_server_that_dies_is_in_doubt_and_then_started_again(
    apart: McpConnector, log: Path
) -> None:
    apart.perform(ASKED)
    told = failure(apart, Request(operation="die", timeout=5))
    assert (told.failure, told.certain) == (Failure.UNAVAILABLE, False)
    assert "`out of paper`" in str(told)
    assert apart.perform(ASKED).values["refund"] == "r-ch-1"
    assert failure(apart, Request(operation="die", timeout=5, effect="read")).certain
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2


def test_a_server_that_died_between_calls_is_started_again(apart: McpConnector, log: Path) -> None:
    kill = threading.Thread(target=failure, args=(apart, Request(operation="die", timeout=5)))
    apart.perform(ASKED)
    kill.start()
    kill.join()
    with ThreadPoolExecutor(8) as threads:
        asked = [replace(ASKED, inputs={"charge": str(each)}) for each in range(16)]
        assert len(list(threads.map(apart.perform, asked))) == 16
    assert len(log.read_text(encoding="utf-8").splitlines()) == 17


def test_a_server_that_does_not_start_says_why(tmp_path: Path, log: Path) -> None:
    made = started(tmp_path, log, "--broken")
    told = failure(made, ASKED)
    assert (told.failure, told.certain) == (Failure.UNAVAILABLE, True)
    assert "`no licence`" in str(told)
    made.close()


def test_a_server_that_hangs_at_the_start_is_timed_out(tmp_path: Path) -> None:
    args = "-c 'import sys; sys.stdin.read()'"
    made = McpConnector(*bound(tmp_path, command=sys.executable, args=args))
    told = failure(made, replace(ASKED, timeout=0.3))
    assert (told.failure, told.certain) == (Failure.TIMED_OUT, True)
    made.close()


def test_a_server_gets_the_variables_that_are_named_alone(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    without = started(tmp_path, log)
    assert without.perform(Request(operation="token")).values == {"result": "none"}
    without.close()
    having = started(tmp_path, log, env=VARIABLE)
    assert having.perform(Request(operation="token")).values == {"result": "***"}
    having.close()


@pytest.mark.parametrize("way", ["here", "apart"])
def test_warm_calls_are_quick_from_many_threads(way: str, request: pytest.FixtureRequest) -> None:
    """Hundreds a second on an idle machine; this one may be busy."""
    connector: McpConnector = request.getfixturevalue(way)
    asked = [
        Request(operation="score", inputs={"company": "x" * length}, effect="read")
        for length in range(200)
    ]
    connector.check()
    begun = time.perf_counter()
    with ThreadPoolExecutor(20) as threads:
        replies = list(threads.map(connector.perform, asked))
    took = time.perf_counter() - begun
    assert [reply.values["points"] for reply in replies] == list(range(200))
    assert took < 4


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"command": "a", "url": "https://a.example"},
        {"url": "a.example"},
        {"command": "a", "token": "env:TOKEN"},
        {"url": "https://a.example", "token": "in-clear"},
        {"command": "a", "args": "'open"},
    ],
)
def test_settings_that_are_wrong_are_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="binding of system `Till`"):
        McpConnector(*bound(tmp_path, **settings))
