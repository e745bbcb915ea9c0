"""A procedure that goes wrong acts less, by itself."""

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select

from runtime.modes.refund import GRAPH, Office, answer, signed
from sopc.graph import Failure
from sopc_runtime.core.decision import Call
from sopc_runtime.core.event import CallFailed, Event
from sopc_runtime.core.mode import Mode
from sopc_runtime.modes.change import Change
from sopc_runtime.modes.settings import DemotionLimits, ModeSettings
from sopc_runtime.modes.watch import watch
from sopc_runtime.people.notification import notification
from sopc_runtime.store.tables import agreements, journal, outbox, procedures


def watched(office: Office, **limits: float) -> list[Change]:
    settings = ModeSettings(demotion=DemotionLimits.model_validate(limits))
    with office.engine.begin() as connection:
        return watch(connection, settings, office.now)


def mode(office: Office) -> str:
    with office.engine.begin() as connection:
        return str(connection.execute(select(procedures.c.mode)).scalar_one())


def compared(office: Office, *, agreed: int, differing: int) -> None:
    with office.engine.begin() as connection:
        graph = connection.execute(select(procedures.c.graph)).scalar_one()
        for number in range(agreed + differing):
            connection.execute(
                insert(agreements).values(
                    name="refunds",
                    graph=graph,
                    step="pay-back",
                    key=f"{office.now}:{number}",
                    at=office.now,
                    agreed=number < agreed,
                    source="assist",
                )
            )


def refused(call: Call, at: datetime) -> Event:
    """Answer that nothing is paid back any more."""
    if call.operation == "refund" and not call.dry:
        return CallFailed(at=at, call=call.id, failure=Failure.REFUSED, message="closed")
    return answer(call, at)


def test_disagreement_demotes_by_one_mode_and_tells_people(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.AUTONOMOUS)
    office.pass_time(hours=1)
    compared(office, agreed=14, differing=6)
    [done] = watched(office)
    assert (done.before, done.after) == (Mode.AUTONOMOUS, Mode.ASSIST)
    assert mode(office) == "assist"
    with office.engine.begin() as connection:
        [entry] = connection.execute(select(journal).where(journal.c.kind == "demoted")).all()
        [news] = connection.execute(select(outbox).where(outbox.c.kind == "demoted")).all()
    assert entry.actor == "sopc"
    assert "only 14 of the last 20 acts agree with people" in json.loads(entry.data)["reason"]
    told = json.loads(news.content)
    assert (told["name"], told["from"], told["to"]) == ("refunds", "autonomous", "assist")
    assert (told["owner"], told["people"]) == ("Lena Brandt", ["Lena Brandt"])


def test_the_news_goes_to_who_signed_and_to_the_owner(tmp_path: Path) -> None:
    """People of the organization file by mail; the webhook is told of whoever there is."""
    office = Office.at(tmp_path)
    text = GRAPH.replace("owner: Lena Brandt", "owner: Operations")
    office.deploy(signed(text), mode=Mode.AUTONOMOUS)
    compared(office, agreed=14, differing=6)
    watched(office)
    with office.engine.begin() as connection:
        row = connection.execute(select(outbox).where(outbox.c.kind == "demoted")).one()
        told = notification(connection, row, office.now)
    assert told is not None
    assert (told.addresses, told.without) == (("lena@tidewater.example",), ("Operations",))
    assert told.subject == "[sopc] refunds is demoted to assist"
    assert "only 14 of the last 20 acts agree with people" in told.text


def test_what_led_to_a_demotion_leads_to_no_second_one(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.AUTONOMOUS)
    compared(office, agreed=14, differing=6)
    office.pass_time(minutes=1)
    assert len(watched(office)) == 1
    office.pass_time(minutes=1)
    assert watched(office) == []
    assert mode(office) == "assist"


def test_a_few_differences_are_no_regression(tmp_path: Path) -> None:
    """19 of 20 may well be 95% in truth, and three comparisons show nothing."""
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    compared(office, agreed=19, differing=1)
    assert watched(office) == []
    office.pass_time(hours=1)
    office.deploy(signed(GRAPH.replace("it is small", "it is tiny")), mode=Mode.ASSIST)
    compared(office, agreed=0, differing=3)
    assert watched(office) == []


def test_a_long_good_time_hides_no_fresh_regression(tmp_path: Path) -> None:
    """Only the latest comparisons are looked at."""
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    compared(office, agreed=2000, differing=0)
    office.pass_time(hours=1)
    compared(office, agreed=0, differing=30)
    assert watched(office, window=1000) == []
    assert len(watched(office, window=100)) == 1


def test_failing_acts_demote(tmp_path: Path) -> None:
    """Steps that ended in trouble count, one a run, and not those that only render."""
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.AUTONOMOUS)
    for number in range(3):
        office.start(f"good-{number}")
    assert watched(office) == []
    office.answer = refused
    for number in range(6):
        office.start(f"bad-{number}")
    [done] = watched(office)
    assert done.after is Mode.ASSIST
    with office.engine.begin() as connection:
        entry = connection.execute(select(journal).where(journal.c.kind == "demoted")).one()
    assert json.loads(entry.data)["acts"] == 3 * 3 + 6 * 2
    assert json.loads(entry.data)["failed"] == 6
    assert len(done.told) == 6


def test_what_is_in_shadow_can_fall_no_further(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy()
    compared(office, agreed=0, differing=50)
    assert watched(office) == []
