"""What it takes to act further, and what follows."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from runtime.modes.refund import GRAPH, ORGANIZATION, Office, signed
from sopc.errors import UsageError
from sopc.graph.file import graph_hash, loads_graph
from sopc_runtime.core.mode import Mode
from sopc_runtime.modes.change import Change
from sopc_runtime.modes.promotion import assess, demote, promote
from sopc_runtime.modes.settings import Bar, ModeSettings, load_mode_settings
from sopc_runtime.store.tables import agreements, journal, procedures, runs

SETTINGS = ModeSettings()
LENA = "Lena Brandt"


def compared(office: Office, *, agreed: int, differing: int = 0, steps: str = "both") -> None:
    """Put comparisons of the deployed version into the database."""
    names = {"both": ("pay-back", "tell-customer"), "one": ("pay-back",)}[steps]
    with office.engine.begin() as connection:
        graph = connection.execute(select(procedures.c.graph)).scalar_one()
        known = len(connection.execute(select(agreements.c.number)).all())
        for number in range(agreed + differing):
            connection.execute(
                insert(agreements).values(
                    name="refunds",
                    graph=graph,
                    step=names[number % len(names)],
                    key=f"made:{known + number}",
                    at=office.now,
                    agreed=number < agreed,
                    source="shadow",
                )
            )


def promoted(office: Office, **given: object) -> Change:
    settings: dict[str, object] = {"by": LENA, "now": office.now, "settings": SETTINGS, **given}
    with office.engine.begin() as connection:
        return promote(connection, "refunds", **settings)  # type: ignore[arg-type]


def demoted(office: Office, **given: object) -> Change:
    settings: dict[str, object] = {"by": LENA, "now": office.now, "reason": "odd", **given}
    with office.engine.begin() as connection:
        return demote(connection, "refunds", **settings)  # type: ignore[arg-type]


def modes(office: Office) -> dict[str, str]:
    """Give the mode of the procedure and of every run."""
    with office.engine.begin() as connection:
        found = {row.id: row.mode for row in connection.execute(select(runs))}
        return found | {row.name: row.mode for row in connection.execute(select(procedures))}


def entries(office: Office, kind: str) -> list[dict[str, object]]:
    with office.engine.begin() as connection:
        found = connection.execute(
            select(journal).where(journal.c.run == "*", journal.c.kind == kind)
        )
        return [
            {"step": row.step, "actor": row.actor, "graph": row.graph, **json.loads(row.data)}
            for row in found
        ]


def test_enough_agreement_is_offered_and_journaled(tmp_path: Path) -> None:
    """Person, figures and hash stand in the chain of the instance."""
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH))
    compared(office, agreed=16)
    done = promoted(office)
    assert (done.before, done.after, done.told) == (Mode.SHADOW, Mode.ASSIST, ())
    assert modes(office)["refunds"] == "assist"
    [entry] = entries(office, "promoted")
    assert entry["actor"] == LENA
    assert entry["step"] == "refunds"
    assert entry["graph"] == graph_hash(loads_graph(GRAPH).graph)
    assert entry["signed_by"] == [LENA]
    assert entry["agreement"]["all"]["agreed"] == 16  # type: ignore[index]
    assert entry["agreement"]["all"]["lower"] == pytest.approx(0.8064, abs=1e-4)  # type: ignore[index]


def test_a_run_under_way_goes_on_in_the_new_mode(tmp_path: Path) -> None:
    """What was to be approved stays so; what follows is done alone."""
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    office.start("a")
    assert promoted(office, despite="we know it").told == ("a",)
    office.work()
    assert modes(office) == {"a": "autonomous", "refunds": "autonomous"}
    office.decide("a", "approve")
    assert [call.step for call in office.acted] == ["pay-back", "tell-customer"]


def test_a_run_under_an_earlier_version_is_not_promoted(tmp_path: Path) -> None:
    """The signature and the figures are of the deployed version."""
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    office.start("old")
    office.deploy(signed(GRAPH.replace("title: Pay it back", "title: Give it back")))
    office.start("new")
    assert promoted(office, despite="we know it").told == ("new",)
    office.work()
    assert modes(office) == {"old": "assist", "new": "autonomous", "refunds": "autonomous"}


@pytest.mark.parametrize(
    ("agreed", "differing", "steps", "said"),
    [
        (0, 0, "both", "0 of at least 16 comparisons"),
        (15, 0, "both", "15 of at least 16 comparisons"),
        (14, 6, "both", "14 of 20 agree, which makes sure of 48.1%, not of 80.0%"),
        (40, 0, "one", "compared fewer than 3 times: `tell-customer` (0)"),
    ],
)
def test_too_little_agreement_is_refused(
    tmp_path: Path, agreed: int, differing: int, steps: str, said: str
) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH))
    compared(office, agreed=agreed, differing=differing, steps=steps)
    with pytest.raises(UsageError, match="not ready for `assist`") as refused:
        promoted(office)
    assert said in str(refused.value)
    assert modes(office)["refunds"] == "shadow"


def test_a_person_may_insist_with_a_reason(tmp_path: Path) -> None:
    """It is journaled with what was lacking."""
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH))
    assert promoted(office, despite="the auditor asked for it").after is Mode.ASSIST
    [entry] = entries(office, "promoted")
    assert entry["despite"] == "the auditor asked for it"
    assert entry["lacking"]


def test_a_reason_of_blanks_is_none(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH))
    with pytest.raises(UsageError, match="not ready for `assist`"):
        promoted(office, despite="  ")


@pytest.mark.parametrize(
    ("text", "by", "said", "hint"),
    [
        (GRAPH, LENA, "nobody has signed the deployed version", "sopc sign"),
        (signed(GRAPH), "Yusuf Demir", "`Yusuf Demir` has left on 2026-06-30", "somebody"),
        (signed(GRAPH), "Lena Brant", "nobody in the organization file is called", LENA),
        (signed(GRAPH), "lena", "nobody in the organization file is called", LENA),
    ],
    ids=["unsigned", "left", "misspelt", "first name"],
)
def test_no_reason_stands_for_a_signature(
    tmp_path: Path, text: str, by: str, said: str, hint: str
) -> None:
    office = Office.at(tmp_path)
    office.deploy(text)
    compared(office, agreed=400)
    with pytest.raises(UsageError, match=said) as refused:
        promoted(office, by=by, despite="trust me")
    assert hint in str(refused.value.hint)


def test_what_acts_on_nothing_needs_no_comparison(tmp_path: Path) -> None:
    """Without a binding people do every step, in whatever mode."""
    office = Office.at(tmp_path)
    unbound = "\n".join(line for line in ORGANIZATION.splitlines() if "binding" not in line)
    office.deploy(signed(GRAPH), organization=unbound)
    assert promoted(office).after is Mode.ASSIST


def test_after_a_demotion_agreement_is_counted_anew(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH))
    compared(office, agreed=16)
    promoted(office)
    office.pass_time(days=1)
    assert demoted(office).after is Mode.SHADOW
    office.pass_time(days=1)
    with pytest.raises(UsageError, match="0 of at least 16"):
        promoted(office)
    compared(office, agreed=16)
    assert promoted(office).after is Mode.ASSIST


def test_a_demotion_is_of_every_version_under_way(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    office.start("old")
    office.deploy(signed(GRAPH.replace("title: Pay it back", "title: Give it back")))
    office.start("new")
    assert demoted(office).told == ("new", "old")
    office.work()
    assert modes(office) == {"old": "shadow", "new": "shadow", "refunds": "shadow"}
    with pytest.raises(UsageError, match="no more than"):
        demoted(office)


def test_the_bar_is_set_in_the_settings_file(tmp_path: Path) -> None:
    """Keys that are left out keep what holds without a file."""
    (tmp_path / "sopc.toml").write_text("[modes]\nautonomous = {agreement = 0.95}\n")
    below = tmp_path / "below"
    below.mkdir()
    settings = load_mode_settings(below)
    assert settings.autonomous == Bar(agreement=0.95, comparisons=100, each=10)
    assert settings.assist == ModeSettings().assist


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[modes]\nasist = {}\n", "has no key `asist`"),
        ("[modes]\nassist = {agreement = 80}\n", "modes.assist.agreement"),
        ("modes = 3\n", "modes"),
        ("[modes\n", "not valid TOML"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "sopc.toml").write_text(text)
    with pytest.raises(UsageError, match=said):
        load_mode_settings(tmp_path)


def test_a_promotion_downwards_is_told_as_what_it_is(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    with pytest.raises(UsageError, match="in mode `assist`, which goes beyond `shadow`"):
        promoted(office, to=Mode.SHADOW)


def test_there_is_nothing_above_autonomous(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.AUTONOMOUS)
    with office.engine.begin() as connection:
        found = assess(connection, "refunds", SETTINGS)
    assert (found.to, found.offered) == (None, False)
    with pytest.raises(UsageError, match="in mode `autonomous` already"):
        promoted(office)
