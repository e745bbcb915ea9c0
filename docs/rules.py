"""The pages of all rules, `docs/rules/`, from what the rules say about themselves.

python docs/rules.py
"""  # noqa: INP001 # a script beside its pages

import re
from collections.abc import Mapping
from pathlib import Path

from sopc.rules import RULES, Rule
from sopc.rules.registry import FAMILIES

FOLDER = Path(__file__).parent / "rules"

_OPENING = """\
# The rules of `sopc check`

Each rule has a page here, made by `python docs/rules.py` from what `sopc explain RULE` prints.
`sopc rules` lists them. `--select` and `--ignore` take codes, names, and beginnings of codes:
`SOP3` is all about time.

An error means that a run goes wrong or cannot run, a warning that it may go wrong, a note that
something is worth knowing. Confidence says how often a careful reader would agree.
"""
_TABLE = """
| Code | Name | Severity | Confidence | Finds |
| --- | --- | --- | --- | --- |
"""


def rules_pages() -> Mapping[str, str]:
    """Give each page by its file name: the index, and one for each rule."""
    index = [_OPENING]
    for digit, family in FAMILIES.items():
        rows = (_row(rule) for rule in RULES if rule.code[3] == digit)
        index.append(f"\n## {family}\n{_TABLE}" + "".join(f"{row}\n" for row in rows))
    return {"README.md": "".join(index)} | {f"{rule.name}.md": _page(rule) for rule in RULES}


def _row(rule: Rule) -> str:
    cells = (
        rule.code,
        f"[{rule.name}]({rule.name}.md)",
        rule.severity.value,
        rule.confidence.value,
        rule.explanation.summary.replace("|", "\\|"),
    )
    return f"| {' | '.join(cells)} |"


def _page(rule: Rule) -> str:
    facts = f"Severity: {rule.severity}. Confidence: {rule.confidence}. [All rules](README.md)."
    body = re.sub(r"\n{3,}", "\n\n", rule.explanation.markdown())
    return f"# {rule.name} ({rule.code})\n\n{facts}\n\n{body}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    made = rules_pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
