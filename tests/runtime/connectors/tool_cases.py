"""What the tests of connector `mcp` share: a binding, a request, and the tests of every way."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.connectors.conformance import SECRET, Conformance
from sopc.graph import DataField, DataType
from sopc.organization import Binding, Operation, Organization, System, Template
from sopc_runtime.connectors.connector import ConnectorError, Request
from sopc_runtime.connectors.mcp import McpConnector

ASKED = Request(operation="pay", inputs={"charge": "ch-1"}, key="k", effect="pay", timeout=10)
OPERATIONS = (
    Operation(name="pay", inputs=(DataField(name="charge", type=DataType.STRING),)),
    Operation(name="score", outputs=(DataField(name="points", type=DataType.INTEGER),)),
    Operation(name="post", inputs=("channel", "text")),
)


def bound(
    root: Path, operations: tuple[Operation, ...] = OPERATIONS, **settings: Any
) -> tuple[System, Organization, Path]:
    binding = Binding(connector="mcp", settings=settings)
    system = System(id="till", name="Till", binding=binding, operations=operations)
    templates = (Template(name="note", file="note.txt"), Template(name="board"))
    return system, Organization(name="Tidewater", systems=(system,), templates=templates), root


def failure(connector: McpConnector, request: Request) -> ConnectorError:
    with pytest.raises(ConnectorError) as told:
        connector.perform(request)
    return told.value


class ToolCases(Conformance):
    """What every way to a server has to keep to."""

    @pytest.fixture
    def asked(self) -> Request:
        return ASKED

    @pytest.fixture
    def received(self, log: Path) -> Callable[[], int]:
        return lambda: len(log.read_text(encoding="utf-8").splitlines())

    @pytest.fixture
    def incomplete(self) -> Request:
        return replace(ASKED, inputs={})

    @pytest.fixture
    def refused(self) -> Request:
        return replace(ASKED, inputs={"charge": f"bad {SECRET}"})

    @pytest.fixture
    def slow(self, connector: McpConnector) -> tuple[McpConnector, Request]:
        connector.check()
        return connector, Request(operation="drop", inputs={"seconds": 5}, timeout=0.1)
