"""When what ends now began: remembered, or after a restart read from the journal."""

import json
from collections import OrderedDict
from datetime import datetime
from threading import Lock

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from sopc_runtime.journal.entry import DECISION_MARK, Draft
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import journal

CALL = f"{DECISION_MARK}call"
STEP_BEGUN = f"{DECISION_MARK}step-begun"

_MOST = 20_000


class Beginnings:
    """The drafts with which runs, steps and calls began; the latest ones are remembered."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reading(engine)
        self._known: OrderedDict[tuple[str, str, str], Draft] = OrderedDict()
        self._lock = Lock()

    def remember(self, run: str, kind: str, name: str, draft: Draft) -> None:
        """Keep a beginning; what it holds but instant, step, graph and ids is left behind."""
        kept = {key: draft.data.get(key) for key in ("id", "system", "operation", "mode", "dry")}
        slim = Draft(at=draft.at, kind=draft.kind, step=draft.step, graph=draft.graph, data=kept)
        with self._lock:
            self._known[run, kind, name] = slim
            self._known.move_to_end((run, kind, name))
            if len(self._known) > _MOST:
                self._known.popitem(last=False)

    def of_run(self, run: str) -> Draft | None:
        """Give the first entry of a run."""
        return self._find(run, "run", "")

    def of_step(self, run: str, step: str) -> Draft | None:
        """Give the latest beginning of a step, by its path."""
        return self._find(run, "step", step)

    def of_call(self, run: str, call: str) -> Draft | None:
        """Give the decision to make a call, by its id."""
        return self._find(run, "call", call)

    def _find(self, run: str, kind: str, name: str) -> Draft | None:
        with self._lock:
            known = self._known.get((run, kind, name))
        if known is None:
            try:
                known = self._read(run, kind, name)
            except SQLAlchemyError:
                return None
            if known is not None:
                self.remember(run, kind, name, known)
        return known

    def _read(self, run: str, kind: str, name: str) -> Draft | None:
        query = select(journal).where(journal.c.run == run)
        if kind == "run":
            query = query.where(journal.c.seq == 1)
        elif kind == "step":
            query = query.where(journal.c.kind == STEP_BEGUN, journal.c.step == name)
        else:
            query = query.where(journal.c.kind == CALL)
        with self._engine.connect() as connection:
            for row in connection.execute(query.order_by(journal.c.seq.desc())):
                data = json.loads(row.data or "{}")
                if kind != "call" or data.get("id") == name:
                    return Draft(
                        at=row.at, kind=row.kind, step=row.step, graph=row.graph, data=data
                    )
        return None


def nanoseconds(at: datetime) -> int:
    """Give an instant as telemetry counts them, exact to the microsecond."""
    return int(at.timestamp()) * 1_000_000_000 + at.microsecond * 1_000
