"""Graph files to check."""

from pathlib import Path

CATALOGUE = Path(__file__).parents[1] / "rules" / "catalogue"
CLEAN = (CATALOGUE / "missing-deadline" / "passes.sop.yaml").read_text(encoding="utf-8")
WARNS = (CATALOGUE / "missing-deadline" / "fails.sop.yaml").read_text(encoding="utf-8")
FAILS = (CATALOGUE / "missing-trigger" / "fails.sop.yaml").read_text(encoding="utf-8")
"""A graph without findings, one with SOP301 (a warning), one with SOP101 (an error)."""


def accepting(text: str, *entries: str) -> str:
    """Give a graph the suppressions that are written as flow mappings."""
    return text + "suppressions:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)
