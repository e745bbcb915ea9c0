"""What new runs start under, and what becomes of those under way."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from runtime.modes.refund import GRAPH, NOW, ORGANIZATION, Office, changed, signed
from sopc.errors import UsageError
from sopc.graph.file import dump_graph, graph_hash, loads_graph
from sopc_runtime.core.mode import Mode
from sopc_runtime.deployment.deploy import deploy_file
from sopc_runtime.deployment.version import deployed_version, deployed_versions
from sopc_runtime.store.tables import documents, journal, procedures, runs

OTHER = GRAPH.replace("title: Pay it back", "title: Give it back")
TWO = GRAPH + GRAPH[GRAPH.index("  - id: refunds") :].replace("id: refunds", "id: credits")


def names(office: Office) -> list[str]:
    with office.engine.begin() as connection:
        return [each.name for each in deployed_versions(connection)]


def test_a_new_procedure_is_in_shadow_unsigned_as_it_is(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    [done] = office.deploy().procedures
    assert (done.name, done.mode, done.before, done.signers) == ("refunds", Mode.SHADOW, None, ())
    assert done.graph == graph_hash(loads_graph(GRAPH).graph)
    with office.engine.begin() as connection:
        kinds = connection.execute(select(documents.c.kind, documents.c.hash)).all()
        entry = connection.execute(select(journal).where(journal.c.kind == "deployed")).one()
    assert {tuple(each) for each in kinds} == {
        ("graph", done.graph),
        ("organization", done.organization),
    }
    assert (entry.run, entry.step, entry.actor, entry.graph) == ("*", "refunds", "Ops", done.graph)
    assert json.loads(entry.data)["mode"] == "shadow"


@pytest.mark.parametrize("mode", [Mode.ASSIST, Mode.AUTONOMOUS])
def test_only_a_signed_graph_acts(tmp_path: Path, mode: Mode) -> None:
    office = Office.at(tmp_path)
    with pytest.raises(UsageError, match="may run in shadow only"):
        office.deploy(mode=mode)
    assert names(office) == []
    [done] = office.deploy(signed(GRAPH), mode=mode).procedures
    assert (done.mode, done.signers) == (mode, ("Lena Brandt",))


@pytest.mark.parametrize(
    "text",
    [
        signed(GRAPH).replace("title: Pay it back", "title: Give it back"),
        signed(GRAPH, by="Yusuf Demir"),
        signed(GRAPH, by="Somebody Else"),
    ],
    ids=["of an earlier version", "by one who had left", "by a stranger"],
)
def test_a_signature_that_does_not_hold_does_not_count(tmp_path: Path, text: str) -> None:
    office = Office.at(tmp_path)
    with pytest.raises(UsageError, match="nobody has signed graph `refunds` as it is"):
        office.deploy(text, mode=Mode.ASSIST)


def test_one_who_left_since_has_signed_nevertheless(tmp_path: Path) -> None:
    """What counts is the day of the signature."""
    office = Office.at(tmp_path)
    text = signed(GRAPH, by="Yusuf Demir", at=NOW.replace(month=6, day=30))
    [done] = office.deploy(text, mode=Mode.ASSIST).procedures
    assert done.signers == ("Yusuf Demir",)


def test_a_signed_change_keeps_the_mode_and_an_unsigned_one_goes_back(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    office.pass_time(days=1)
    [done] = office.deploy(signed(OTHER)).procedures
    assert (done.mode, done.before, done.changed, done.back) == ("assist", "assist", True, False)
    with office.engine.begin() as connection:
        assert connection.execute(select(procedures.c.mode_since)).scalar_one() == NOW
    [done] = office.deploy(GRAPH).procedures
    assert (done.mode, done.before, done.back) == ("shadow", "assist", True)


def test_what_is_bound_later_begins_in_shadow(tmp_path: Path) -> None:
    """Nobody has compared what a system does now with what people did."""
    office = Office.at(tmp_path)
    unbound = "\n".join(line for line in ORGANIZATION.splitlines() if "binding" not in line)
    office.deploy(signed(GRAPH), mode=Mode.AUTONOMOUS, organization=unbound)
    [done] = office.deploy(signed(GRAPH)).procedures
    assert (done.mode, done.back, done.bound) == ("shadow", True, ("pay-back", "tell-customer"))
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    [done] = office.deploy(signed(GRAPH), organization=ORGANIZATION + "\n# later\n").procedures
    assert (done.mode, done.changed, done.back) == ("assist", True, False)


def test_runs_under_way_go_on_under_their_version(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    office.start("old")
    [done] = office.deploy(OTHER).procedures
    office.start("new")
    with office.engine.begin() as connection:
        found = {row.id: (row.graph, row.mode) for row in connection.execute(select(runs))}
    assert found["new"] == (done.graph, "shadow")
    assert found["old"] == (graph_hash(loads_graph(GRAPH).graph), "assist")
    office.decide("old", "approve")
    assert [call.step for call in office.acted] == ["pay-back"]


def test_a_signature_that_comes_later_is_seen(tmp_path: Path) -> None:
    """The hash is the same, so that only what is kept under it changes."""
    office = Office.at(tmp_path)
    [before] = office.deploy().procedures
    [after] = office.deploy(signed(GRAPH)).procedures
    assert (before.graph, after.changed, after.signers) == (after.graph, False, ("Lena Brandt",))
    office.deploy(GRAPH)
    with office.engine.begin() as connection:
        assert deployed_version(connection, "refunds").signers == ("Lena Brandt",)


def test_several_procedures_are_named_with_their_graph(tmp_path: Path) -> None:
    """A name that the graph has no more is withdrawn, also when one becomes several."""
    office = Office.at(tmp_path)
    office.deploy()
    assert office.deploy(TWO).withdrawn == ("refunds",)
    assert names(office) == ["refunds/credits", "refunds/refunds"]
    office.deploy(changed(GRAPH, lambda _: {"id": "refunds-abroad"}))
    assert office.deploy(GRAPH).withdrawn == ("refunds/credits", "refunds/refunds")
    assert names(office) == ["refunds", "refunds-abroad"]


def test_a_secret_in_the_organization_file_is_not_kept(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    shown = ORGANIZATION.replace('9"}', '9", token: abcdef123456}')
    shown = shown.replace("9}", '9", token: abcdef123456}')
    assert "abcdef123456" in shown
    with pytest.raises(UsageError, match="holds a secret in clear") as refused:
        office.deploy(organization=shown)
    assert "abcdef123456" not in f"{refused.value} {refused.value.hint}"
    with office.engine.begin() as connection:
        assert connection.execute(select(documents)).all() == []


def test_a_file_is_deployed_with_the_nearest_organization_file(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    folder = tmp_path / "graphs"
    folder.mkdir()
    path = folder / "refunds.sop.yaml"
    path.write_text("# by hand\n" + dump_graph(loads_graph(GRAPH).graph))
    (tmp_path / "organization.yaml").write_text(ORGANIZATION)
    (tmp_path / "sopc.toml").touch()
    with office.engine.begin() as connection:
        deploy_file(connection, path, by="Ops", now=NOW)
        found = deployed_version(connection, "refunds")
        kept = select(documents.c.text).where(documents.c.hash == found.row.graph)
        assert connection.execute(kept).scalar_one().startswith("# by hand\n")
    assert found.row.path == str(path)
    assert found.organization is not None
