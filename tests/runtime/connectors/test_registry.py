"""Connectors by the name that bindings use, those of other packages among them."""

from pathlib import Path

import pytest

from sopc.errors import UsageError
from sopc.organization import loads_organization
from sopc_runtime.connectors.http import HttpConnector
from sopc_runtime.connectors.registry import connector

MODULE = """
from sopc_runtime.connectors.connector import Reply


class Echo:
    def __init__(self, system, organization, root):
        self.named = f"{organization.name}'s {system.name}"

    def perform(self, request):
        return Reply(values={"by": self.named})
"""


def installed(folder: Path, name: str, module: str) -> None:
    """Put a distribution into a folder, as an installer would."""
    (folder / f"{name}.py").write_text(module, encoding="utf-8")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[sopc.connectors]\necho = {name}:Echo\n")


def bound(name: str | None) -> str:
    binding = f"\n    binding: {{connector: {name}, settings: {{url: 'https://a.example'}}}}"
    return f"name: A\nsystems:\n  - id: shop\n    name: Shop{binding if name else ''}\n"


def test_another_package_brings_a_connector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path, "sopc_echo_of_tests", MODULE)
    organization = loads_organization(bound("echo"))
    with pytest.raises(UsageError, match="`echo`, which is not installed"):
        connector(organization.systems[0], organization, Path())
    monkeypatch.syspath_prepend(str(tmp_path))
    made = connector(organization.systems[0], organization, Path())
    assert made.perform(None).values == {"by": "A's Shop"}  # type: ignore[arg-type]


def test_sopc_brings_http() -> None:
    organization = loads_organization(bound("http"))
    made = connector(organization.systems[0], organization, Path())
    assert isinstance(made, HttpConnector)
    made.close()


def test_a_connector_that_is_not_there_is_told_with_those_that_are() -> None:
    organization = loads_organization(bound("htpp"))
    with pytest.raises(UsageError) as told:
        connector(organization.systems[0], organization, Path())
    assert told.value.hint is not None
    assert "http" in told.value.hint


def test_a_system_without_a_binding_has_no_connector() -> None:
    organization = loads_organization(bound(None))
    with pytest.raises(UsageError, match="system `Shop` has no binding"):
        connector(organization.systems[0], organization, Path())


def test_a_connector_of_another_package_that_breaks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the kind of its mistake alone, which may quote a secret."""
    broken = MODULE.replace("self.named =", "raise KeyError('hunter2')\n        self.named =")
    installed(tmp_path, "sopc_broken_of_tests", broken)
    monkeypatch.syspath_prepend(str(tmp_path))
    organization = loads_organization(bound("echo"))
    with pytest.raises(UsageError) as told:
        connector(organization.systems[0], organization, Path())
    assert str(told.value) == "connector `echo` of system `Shop` cannot be made: KeyError"
