"""`sopc org check --connect` and `sopc org operations`, with real systems on loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from runtime.connectors.http_server import Answer, Server, closed_port, serving
from sopc.cli.app import app
from sopc.organization import load_organization, loads_organization

DOCUMENT = b"""
openapi: 3.0.3
paths:
  /orders:
    post:
      operationId: create_order
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [total], properties: {total: {type: integer}}}
      responses: {"201": {description: made}}
  /orders/{order}:
    get:
      operationId: get_order
      parameters: [{name: order, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: found}}
"""
SYSTEMS = """\
name: Tidewater
systems:
  - id: shop
    name: Shop
    binding: {{connector: http, settings: {{url: "{url}", openapi: shop.json}}}}
    operations:
      - {{name: create_order}}
      - {{name: cancel_order}}
      - {{name: ping, request: {{method: GET}}}}
  - {{id: paper, name: Paper}}
"""
HOOK = """\
  - id: hook
    name: Hook
    binding: {{connector: http, settings: {{url: "{url}", token: env:HOOK_TOKEN}}}}
"""


def org(*arguments: str | Path) -> Any:
    """Call `sopc org` without colours."""
    return CliRunner().invoke(app, ["org", *map(str, arguments)], env={"NO_COLOR": "1"})


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.answers[""] = running.answers["/"] = Answer(200, {})
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.json").write_bytes(DOCUMENT)
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "organization.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_operations_are_shown_beside_those_of_the_file(server: Server, folder: Path) -> None:
    """What the file asks for itself needs no description by the system."""
    done = org("check", written(folder, SYSTEMS.format(url=server.url)), "--connect")
    assert done.exit_code == 0
    assert done.stdout.endswith(
        "connections:\n"
        "  Shop (http): answers, 2 operations\n"
        "    not in the file: `get_order`\n"
        "    not in the system: `cancel_order`\n"
    )
    assert {asked.method for asked in server.asked} == {"GET"}


def test_a_secret_that_is_missing_is_named(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are tried all the same, and the exit code tells."""
    monkeypatch.delenv("HOOK_TOKEN", raising=False)
    path = written(folder, (SYSTEMS + HOOK).format(url=server.url))
    done = org("check", path, "--connect")
    assert done.exit_code == 1
    assert "  Shop (http): answers, 2 operations\n" in done.stdout
    assert done.stdout.endswith(
        "  Hook (http): failed: refused: environment variable `HOOK_TOKEN` is not set\n"
        "    help: set it where sopc runs; the organization file only names it\n"
    )
    monkeypatch.setenv("HOOK_TOKEN", "t0p-s3cret")
    done = org("check", path, "--connect")
    assert done.exit_code == 0
    assert done.stdout.endswith("  Hook (http): answers\n")
    assert "t0p-s3cret" not in done.output


@pytest.mark.parametrize(
    ("binding", "says"),
    [
        (
            "{connector: http, settings: {url: 'http://127.0.0.1:PORT'}}",
            "failed: unavailable: Shop: ",
        ),
        ("{connector: http, settings: {}}", "failed: binding of system `Shop`: setting `url` is"),
        ("{connector: pigeon}", "failed: system `Shop` is bound by connector `pigeon`, which is"),
    ],
)
def test_a_binding_that_fails_says_why(folder: Path, binding: str, says: str) -> None:
    text = f"name: A\nsystems:\n  - {{id: shop, name: Shop, binding: {binding}}}\n"
    path = written(folder, text.replace("PORT", str(closed_port())))
    done = org("check", path, "--connect")
    assert done.exit_code == 1
    assert says in done.stdout
    assert org("check", path).exit_code == 0


def test_a_system_out_of_use_is_not_tried(folder: Path) -> None:
    text = (
        "name: A\nsystems:\n  - {id: a, name: A, status: retired, replaced_by: b, "
        "binding: {connector: none}}\n  - {id: b, name: B}\n"
    )
    done = org("check", written(folder, text), "--connect")
    assert done.exit_code == 0
    assert done.stdout.endswith("connections:\n  none: no system that is in use has a binding\n")


def test_the_operations_found_load_as_a_file(server: Server, folder: Path) -> None:
    done = org("operations", "--organization", written(folder, SYSTEMS.format(url=server.url)))
    assert (done.exit_code, done.stderr) == (0, "")
    (shop,) = loads_organization(done.stdout).systems
    create, get = shop.operations
    assert (create.name, create.required_inputs, create.effect) == (
        "create_order",
        ("total",),
        None,
    )
    assert (get.name, get.required_inputs, get.effect) == ("get_order", ("order",), "read")


def test_one_system_may_be_asked(server: Server, folder: Path) -> None:
    path = written(folder, (SYSTEMS + HOOK).format(url=server.url))
    done = org("operations", "Shop", "--organization", path)
    assert (done.exit_code, done.stderr) == (0, "")
    assert [each.id for each in loads_organization(done.stdout).systems] == ["shop"]


def test_a_system_that_fails_does_not_hide_the_others(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOOK_TOKEN", raising=False)
    path = written(folder, (SYSTEMS + HOOK).format(url=server.url))
    done = org("operations", "--organization", path)
    assert done.exit_code == 1
    assert [each.id for each in loads_organization(done.stdout).systems] == ["shop"]
    assert "error: Hook: refused: environment variable `HOOK_TOKEN` is not set" in done.stderr


def test_a_system_that_tells_nothing_is_said_to(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_TOKEN", "t")
    text = f"name: A\nsystems:\n{HOOK}".format(url=server.url)
    done = org("operations", "hook", "--organization", written(folder, text))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "Hook: does not tell what it can do\n"


@pytest.mark.parametrize(
    ("name", "says", "hint"),
    [
        ("shp", "has no system `shp`", "there is `Shop`"),
        ("paper", "system `Paper` has no binding", "`binding` says how it is reached"),
    ],
)
def test_a_system_that_cannot_be_asked_is_wrong_usage(
    folder: Path, name: str, says: str, hint: str
) -> None:
    path = written(folder, SYSTEMS.format(url="https://shop.example"))
    done = org("operations", name, "--organization", path)
    assert done.exit_code == 2
    assert says in done.stderr
    assert f"help: {hint}" in done.stderr


def test_a_file_with_mistakes_is_not_tried(folder: Path) -> None:
    done = org("operations", "--organization", written(folder, "nme: A\n"))
    assert done.exit_code == 2
    assert "organization.yaml" in done.stderr


def test_the_file_is_as_it_was(server: Server, folder: Path) -> None:
    path = written(folder, SYSTEMS.format(url=server.url))
    before = load_organization(path)
    org("check", path, "--connect")
    assert load_organization(path) == before
