"""Graph files to check."""

import re
from pathlib import Path

CATALOGUE = Path(__file__).parents[1] / "rules" / "catalogue"


def _example(rule: str, kind: str) -> str:
    """Give an example of the catalogue, in hours: there is no calendar around a graph here."""
    text = (CATALOGUE / rule / f"{kind}.sop.yaml").read_text(encoding="utf-8")
    return re.sub(r"within: \d+ business \w+", "within: PT8H", text)


CLEAN = _example("missing-deadline", "passes")
WARNS = _example("missing-deadline", "fails")
FAILS = _example("missing-trigger", "fails")
"""A graph without findings, one with SOP301 (a warning), one with SOP101 (an error)."""


def accepting(text: str, *entries: str) -> str:
    """Give a graph the suppressions that are written as flow mappings."""
    return text + "suppressions:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)
