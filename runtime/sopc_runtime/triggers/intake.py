"""The intake: every delivery is kept, matched and validated, and starts what it starts once."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from sopc.errors import UsageError
from sopc.graph import DataField
from sopc.graph.expression import EvaluationError, evaluate
from sopc.graph.expression_tree import names_in
from sopc_runtime.core.event import EventArrived, Started, Values
from sopc_runtime.store.mailbox import insert_once, post
from sopc_runtime.store.run_start import begin
from sopc_runtime.store.tables import deliveries
from sopc_runtime.triggers.delivery import Delivery, Outcome, Status, key_of, storable
from sopc_runtime.triggers.matching import Match, Waiting, matches
from sopc_runtime.triggers.reading import read_json, read_values, unfit

_OF_ROWS = frozenset({"name", "path", "size", "sha256", "rows"})
"""What a CSV file brings: its values are words, which may stand for numbers."""

_MOST_PROBLEMS = 20


def receive(connection: Connection, delivery: Delivery, now: datetime) -> Outcome:
    """Take a delivery in, within the caller's transaction: keep it, and start what it starts.

    One that came before (the same source and key) is not taken again: its outcome is told again.
    Bad ones are kept as `refused` with what is wrong; nothing is started by them.
    """
    taken = replace(delivery, key=key_of(delivery.key))
    row: dict[str, Any] = {
        "source": taken.source,
        "key": taken.key,
        "system": _words(taken.system),
        "event": _words(taken.event),
        "name": taken.name,
        "payload": _kept(taken),
        "received": now,
        "occurred": taken.occurred,
        "status": Status.REFUSED.value,
        "problem": None,
        "runs": [],
    }
    new = connection.execute(insert_once(connection, deliveries).values(row)).rowcount == 1
    known = connection.execute(
        select(deliveries).where(deliveries.c.source == taken.source, deliveries.c.key == taken.key)
    ).one()
    if not new:
        return _outcome(known, repeated=True)
    return _judged(connection, known.number, taken, now)


def resend(
    connection: Connection, number: int, now: datetime, *, payload: str | None = None
) -> Outcome:
    """Take a kept delivery in again, with another payload (JSON) if one is given.

    What it had started already is not started again.

    Raises:
        UsageError: There is no such delivery, or it has started all that it could.
    """
    row = connection.execute(select(deliveries).where(deliveries.c.number == number)).one_or_none()
    if row is None:
        raise UsageError(f"there is no delivery {number}", hint="`sopc deliveries` lists them")
    if row.problem is None and row.status in {Status.STARTED, Status.HANDED_ON}:
        raise UsageError(
            f"delivery {number} was taken in already: {row.status} {', '.join(row.runs)}",
            hint="only what was refused or ignored can be sent again",
        )
    if payload is None and not row.payload:
        raise UsageError(
            f"delivery {number} holds nothing that could be sent again",
            hint="it came empty, or was erased; `--payload FILE` takes another",
        )
    text = row.payload if payload is None else payload
    value, problem = read_json(text)
    again = Delivery(
        source=row.source,
        key=row.key,
        payload=value,
        text=text if problem else None,
        system=row.system,
        event=row.event,
        name=row.name,
        occurred=row.occurred,
        textual=row.source == "folder" and _is_of_rows(value),
        problem=problem,
    )
    if payload is not None:
        connection.execute(
            update(deliveries).where(deliveries.c.number == number).values(payload=_kept(again))
        )
    return _judged(connection, number, again, now, before=tuple(row.runs))


def _is_of_rows(payload: Any) -> bool:
    return isinstance(payload, dict) and "rows" in payload and payload.keys() <= _OF_ROWS


def _judged(
    connection: Connection,
    number: int,
    delivery: Delivery,
    now: datetime,
    *,
    before: tuple[str, ...] = (),
) -> Outcome:
    outcome = replace(_carried_out(connection, delivery, now), number=number)
    if before:
        # What it did the first time stays true, whatever is deployed now.
        runs = tuple(dict.fromkeys((*before, *outcome.runs)))
        outcome = replace(outcome, status=Status.STARTED, runs=runs)
    connection.execute(
        update(deliveries)
        .where(deliveries.c.number == number)
        .values(
            status=outcome.status.value,
            problem=storable("\n".join(outcome.problems)) or None,
            runs=list(outcome.runs),
        )
    )
    return outcome


def _carried_out(connection: Connection, delivery: Delivery, now: datetime) -> Outcome:
    problem = delivery.problem or unfit(delivery.payload)
    if problem is None and not isinstance(delivery.payload, dict):
        problem = "the payload is no object"
    if problem is not None:
        return Outcome(number=0, status=Status.REFUSED, problems=(problem,))
    found = matches(connection, delivery)
    problems = list(found.problems)
    started: dict[str, str] = {}
    left_out = []
    for match in found.triggers:
        if match.version.name in started:
            continue
        values, wrong, passed = _judge(match, delivery)
        if wrong:
            problems += [f"{match.version.name}: {each}" for each in _first(wrong)]
        elif passed is not None:
            left_out.append(f"{match.version.name}: {passed}")
        else:
            started[match.version.name] = _start(connection, match, delivery, values, now)
    told = _hand_on(connection, found.waiting, delivery, now, problems)
    if started or told:
        status = Status.STARTED if started else Status.HANDED_ON
    elif problems:
        status = Status.REFUSED
    else:
        status = Status.IGNORED
        problems = left_out or ["nothing that is deployed starts by it"]
    runs = (*started.values(), *dict.fromkeys(told))
    return Outcome(number=0, status=status, problems=tuple(problems), runs=runs)


def _hand_on(
    connection: Connection,
    waiting: list[Waiting],
    delivery: Delivery,
    now: datetime,
    problems: list[str],
) -> list[str]:
    """Tell the runs that wait for it; adds to `problems` why one was not told."""
    told = []
    for each in waiting:
        values, wrong = read_values(delivery.payload, each.payload, textual=delivery.textual)
        if wrong:
            problems += [f"{each.run}: {problem}" for problem in _first(wrong)]
            continue
        event = EventArrived(at=now, system=each.system, event=delivery.event or "", values=values)
        post(connection, each.run, event, key=_mail_key(delivery), cause=_mail_key(delivery))
        told.append(each.run)
    return told


def _first(problems: list[str]) -> list[str]:
    """Give as many problems as people read: each element of a long list may have one."""
    more = len(problems) - _MOST_PROBLEMS
    return [*problems[:_MOST_PROBLEMS], f"and {more} more"] if more > 0 else problems


def _judge(match: Match, delivery: Delivery) -> tuple[Values, list[str], str | None]:
    """Give the values that a run begins with, what is wrong with them, or why it is left out."""
    values, wrong = read_values(delivery.payload, match.fields, textual=delivery.textual)
    cel = match.trigger.filter
    if wrong or cel is None:
        return values, wrong, None
    left_out = None
    try:
        passes = evaluate(cel, values, _scope(cel, match.fields))
        if passes is False:
            left_out = f"it does not pass `{cel}`"
        elif passes is not True:
            wrong = [f"`{cel}` is neither true nor false"]
    except EvaluationError as error:
        # Where the event may leave a value out, it is another event than those that count.
        if error.missing is None:
            wrong = [str(error)]
        else:
            left_out = str(error)
    except (OverflowError, ValueError) as error:
        wrong = [f"`{cel}` gives no value: {error}"]
    return values, wrong, left_out


def _scope(cel: str, fields: tuple[DataField, ...]) -> dict[str, DataField]:
    used = names_in(cel)
    return {each.name: each for each in fields if each.name in used}


def _start(
    connection: Connection, match: Match, delivery: Delivery, values: Values, now: datetime
) -> str:
    run = run_id(match.version.name, delivery.source, delivery.key)
    started = Started(
        at=now,
        run=run,
        mode=match.version.mode,
        trigger=match.trigger.id,
        values=values,
        occurred=delivery.occurred,
    )
    begin(
        connection,
        name=match.version.name,
        run=run,
        started=started,
        under=match.version,
        cause=_mail_key(delivery),
    )
    return run


def run_id(name: str, source: str, key: str) -> str:
    """Give the id of the run that an event starts: always the same for the same event."""
    digest = hashlib.sha256(f"{source}\x00{key}".encode()).hexdigest()
    return f"{name}-{digest[:16]}"


def _mail_key(delivery: Delivery) -> str:
    return f"{delivery.source}:{delivery.key}"


def _words(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _kept(delivery: Delivery) -> str:
    if delivery.text is not None or unfit(delivery.payload) is not None:
        return storable(delivery.text or "")
    return json.dumps(delivery.payload, ensure_ascii=False)


def _outcome(row: Any, *, repeated: bool) -> Outcome:
    return Outcome(
        number=row.number,
        status=Status(row.status),
        problems=tuple(row.problem.split("\n")) if row.problem else (),
        runs=tuple(row.runs),
        repeated=repeated,
    )
