"""The page of all rules, `docs/rules.md`, from what the rules say about themselves.

python docs/rules.py
"""  # noqa: INP001 # a script beside its page

import re
from pathlib import Path

from sopc.rules import RULES, Rule

PAGE = Path(__file__).with_suffix(".md")

_OPENING = """\
# The rules of `sopc check`

`sopc explain CODE` prints what stands here; `python docs/rules.py` writes this page anew.
`--select` and `--ignore` take codes, names, and beginnings of codes: `SOP3` is all about time.

| Code | Name | Severity | Finds |
| --- | --- | --- | --- |
"""


def rules_page() -> str:
    """Give the page: a table of all rules, and a section for each."""
    rows = (
        f"| {rule.code} | [{rule.name}](#{rule.code.lower()}-{rule.name}) | {rule.severity.value}"
        f" | {rule.explanation.summary} |"
        for rule in RULES
    )
    return _OPENING + "\n".join(rows) + "\n\n" + "\n".join(_section(rule) for rule in RULES)


def _section(rule: Rule) -> str:
    body = re.sub(r"^## (.+)$", r"**\1**", rule.explanation.markdown(), flags=re.MULTILINE)
    return f"## {rule.code} {rule.name}\n\n{body}"


if __name__ == "__main__":
    PAGE.write_text(rules_page(), encoding="utf-8", newline="\n")
