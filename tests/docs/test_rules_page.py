"""`docs/rules` is what the rules say today."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_pages_of_rules_are_up_to_date() -> None:
    """`python docs/rules.py` would change nothing, and no page of a former rule is left."""
    made = runpy.run_path(str(DOCS / "rules.py"))["rules_pages"]()
    found = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "rules").glob("*")}
    assert found == made
