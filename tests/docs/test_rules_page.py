"""`docs/rules.md` is what the rules say today."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_rules_is_up_to_date() -> None:
    """`python docs/rules.py` would change nothing."""
    made = runpy.run_path(str(DOCS / "rules.py"))["rules_page"]()
    assert (DOCS / "rules.md").read_text(encoding="utf-8") == made
