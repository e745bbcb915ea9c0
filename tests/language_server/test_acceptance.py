"""Where the entry that accepts a finding goes, in graph files of every form."""

from pathlib import Path

import pytest

from checking.graphs import WARNS
from sopc.checking import CheckOptions, CheckRun
from sopc.diagnostics import Finding
from sopc.graph.file import LoadedGraph, loads_graph
from sopc.language_server.acceptance import acceptance

OWN = "  - rule: missing-deadline\n    step: issue-refund\n    reason:\n"
FLUSH = "- rule: missing-deadline\n  step: issue-refund\n  reason:\n"
HELD = "  - {rule: SOP999, reason: another}\n"


def found(loaded: LoadedGraph) -> list[Finding]:
    """The findings of one rule."""
    run = CheckRun(CheckOptions(select=("missing-deadline",), settings=False))
    run.check_loaded(loaded, Path("refunds.sop.yaml"))
    return list(run.report().findings)


def accepted(text: str) -> str | None:
    """The text with its first finding accepted; None where that cannot be offered."""
    loaded = loads_graph(text)
    findings = found(loaded)
    edit = acceptance(loaded, findings[0], findings)
    return edit and text[: edit.start] + edit.text + text[edit.end :]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"suppressions:\n{OWN}"),
        (f"suppressions:\n{HELD}", f"suppressions:\n{OWN}{HELD}"),
        ("suppressions: []\n", f"suppressions:\n{OWN}"),
        ("passages: []\nsignoffs: []\n", f"suppressions:\n{OWN}passages: []\nsignoffs: []\n"),
        (
            "suppressions:\n- # ours\n  rule: SOP999\n  reason: another\n",
            None,
        ),
        (
            "suppressions:\n- rule: SOP999\n  reason: another\n",
            f"suppressions:\n{FLUSH}- rule: SOP999\n  reason: another\n",
        ),
    ],
)
def test_the_entry_goes_where_such_entries_stand(before: str, after: str | None) -> None:
    """What was there stays; where there is no sure place, nothing is offered."""
    assert accepted(WARNS + before) == (None if after is None else WARNS + after)


def test_a_last_line_without_an_end_gets_one() -> None:
    """The entry does not run into it."""
    assert accepted(WARNS.rstrip("\n")) == f"{WARNS}suppressions:\n{OWN}"


def test_one_of_two_alike_is_told_by_its_fingerprint() -> None:
    """Accepting one mistake of a step leaves the other standing."""
    loaded = loads_graph(WARNS)
    [finding] = found(loaded)
    edit = acceptance(loaded, finding, [finding, finding])
    assert edit is not None
    assert f"    fingerprint: {finding.fingerprint}\n" in edit.text
