"""Starting runs: one id is one run, under what is deployed at that moment."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from sopc.errors import UsageError
from sopc_runtime.core.event import EVENT, Started
from sopc_runtime.core.mode import Mode
from sopc_runtime.store.database import open_database
from sopc_runtime.store.run_start import begin, version, versions
from sopc_runtime.store.tables import mail, procedures, runs

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STARTED = Started(at=NOW, run="refunds-1", mode=Mode.SHADOW, values={"amount": 5})


def test_a_run_starts_once_for_one_id(tmp_path: Path) -> None:
    """The second time nothing is written, and the caller learns it."""
    engine = open_database(tmp_path)
    with engine.begin() as connection:
        connection.execute(procedures.insert().values(_deployed("refunds")))
        assert begin(connection, name="refunds", run="refunds-1", started=STARTED)
        assert not begin(connection, name="refunds", run="refunds-1", started=STARTED)
        [row] = connection.execute(select(runs)).all()
        [letter] = connection.execute(select(mail)).all()
    assert (row.graph, row.organization, row.mode, row.status) == ("g", "o", "shadow", "running")
    assert (row.state, row.started) == ("", NOW)
    assert EVENT.validate_json(letter.event) == STARTED


def test_what_is_not_deployed_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    """A slip of the pen is helped, and nothing is written."""
    engine = open_database(tmp_path)
    with engine.begin() as connection:
        connection.execute(procedures.insert().values(_deployed("refunds")))
        assert [each.name for each in versions(connection)] == ["refunds"]
        with pytest.raises(UsageError, match="no procedure `refund` is deployed") as caught:
            version(connection, "refund")
    assert caught.value.hint == "did you mean `refunds`"


def _deployed(name: str) -> dict[str, object]:
    return {
        "name": name,
        "graph": "g",
        "organization": "o",
        "procedure": "p",
        "path": None,
        "mode": "shadow",
        "mode_since": NOW,
        "deployed_at": NOW,
    }
