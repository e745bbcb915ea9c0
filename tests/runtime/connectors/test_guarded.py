"""Whatever a connector gives back, its run can take it or is told that it failed."""

import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from runtime.driver.driven import Systems, action, database, errands, graph, rows, start, work
from sopc.organization import System
from sopc_runtime.connectors.connector import ConnectorError, Reply, Request
from sopc_runtime.connectors.guarded import Guarded
from sopc_runtime.store.tables import runs, tasks


class Odd:
    """A value that does not even tell what it is."""

    def __str__(self) -> str:
        raise RuntimeError("secret")


def _nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


def _endless() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["a"] = value
    return value


class Giving:
    """A connector that gives one thing back for everything."""

    def __init__(self, reply: Any) -> None:
        self.reply = reply

    def perform(self, request: Request) -> Any:
        del request
        return self.reply

    def look_up(self, request: Request) -> Any:
        del request
        return self.reply

    def render(self, request: Request) -> Any:
        del request
        return self.reply.values


def _guarded(reply: Any) -> Guarded:
    return Guarded(Giving(reply), "shop")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (None, "it holds no values by name"),
        ({"a": 1}, "it holds no values by name"),
        (Reply(values=[1]), "it holds no values by name"),  # type: ignore[arg-type]
        (Reply(values=_nested(70)), "it is nested more than 64 deep"),
        (Reply(values=_nested(5000)), "it is nested more than 64 deep"),
        (Reply(values=_endless()), "it is nested more than 64 deep"),
        (Reply(values={"a": "x" * 10_000_001}), "it is larger than 10,000,000 characters"),
        (Reply(values={"a": b"\xff"}), "it holds a value that cannot be read (UnicodeDecodeError)"),
        (Reply(values={"a": Odd()}), "it holds a value that cannot be read (RuntimeError)"),
    ],
    ids=["nothing", "a dict", "a list", "deep", "deeper", "endless", "huge", "bytes", "odd"],
)
@pytest.mark.parametrize("effect", ["read", "write"])
def test_what_cannot_be_kept_is_a_failure(reply: Any, why: str, effect: str) -> None:
    """It certainly did nothing only where it reads."""
    with pytest.raises(ConnectorError) as told:
        _guarded(reply).perform(Request(operation="x", effect=effect))
    assert str(told.value) == f"what `shop` gave back cannot be kept: {why}"
    assert told.value.certain is (effect == "read")
    if reply is not None:
        with pytest.raises(ConnectorError):
            _guarded(reply).look_up(Request(operation="x"))


def test_what_can_be_kept_is_as_json_has_it() -> None:
    """Half characters, names that are no texts, and numbers without end included."""
    values = {
        "text": "a\ud800b",
        1: {"\udfff": [True, None, 1.5]},
        "large": 10**5000,
        "small": -(10**5000),
        "when": datetime(2026, 11, 23, tzinfo=UTC),
        "day": date(2026, 11, 23),
        "amount": Decimal("1.50"),
        "each": (1, 2),
    }
    request = Request(operation="x")
    guarded = _guarded(Reply(values=values))  # type: ignore[arg-type]
    found = guarded.perform(request).values
    assert found == {
        "text": "a?b",
        "1": {"?": [True, None, 1.5]},
        "large": math.inf,
        "small": -math.inf,
        "when": "2026-11-23T00:00:00Z",
        "day": "2026-11-23",
        "amount": "1.50",
        "each": [1, 2],
    }
    json.dumps(found).encode()
    assert guarded.render(request) == found
    assert _guarded(None).look_up(request) is None


@pytest.mark.parametrize(
    "values",
    [None, [1], {"a": 10**5000}, _nested(300), {"a": "\ud800"}, {"a": b"\xff"}, {"a": Odd()}],
    ids=["nothing", "a list", "endless", "deep", "half a character", "bytes", "odd"],
)
def test_no_answer_stops_a_run(tmp_path: Path, values: Any) -> None:
    """It ends, or somebody is asked; it is never asked for again and again."""
    engine, systems = database(tmp_path), Systems()
    systems["ledger"].acts = [values] * 9
    first = action("first", "ledger", "look", "outputs: [{name: a, type: integer}]")
    start(engine, graph("one", first), "r1")
    by = errands(engine, systems)
    by.carrier.pool = _GuardedSystems(systems).pool
    work(by, "r1")
    [run], asked = rows(engine, runs, id="r1"), rows(engine, tasks, run="r1")
    assert run.status != "running" or [each.kind for each in asked] == ["trouble"]
    assert len(systems["ledger"].asked) == 1
    engine.dispose()


class _GuardedSystems(Systems):
    def __init__(self, systems: Systems) -> None:
        super().__init__(fakes=systems.fakes)

    def make(self, system: System, organization: Any) -> Any:
        return Guarded(super().make(system, organization), system.id)
