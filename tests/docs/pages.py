"""The pages for people, taken apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "examples").rglob("README.md"),
    ]
)
"""What people wrote for people; `docs/rules` is made from the rules."""

_CALL = re.compile(r"(?:^|&& |\$ )(?:SOPC_\w+=\S+ )*sopc ([^&\n|]+)", re.MULTILINE)
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the line of prose that leads in to it."""

    language: str
    text: str
    lead: str


def blocks(page: Path, language: str = "") -> Iterator[Block]:
    """Give a page's fenced blocks, of one language if it is given."""
    text = page.read_text(encoding="utf-8")
    for match in _FENCED.finditer(text):
        if language in {"", match[1]}:
            yield Block(match[1], match[2], text[: match.start()].rstrip().rpartition("\n")[2])


def prose(page: Path) -> str:
    """Give a page without its fenced blocks."""
    return _FENCED.sub("", page.read_text(encoding="utf-8"))


def rows(page: Path, heading: str) -> list[list[str]]:
    """Give the cells of the first table after a line that begins with `heading`."""
    text = page.read_text(encoding="utf-8")
    table = text[text.index(f"\n{heading}") :]
    lines = re.search(r"(?:^\|.*\|\n)+", table, re.MULTILINE)
    assert lines, f"{page.name}: no table after `{heading}`"
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[0].splitlines()[2:]]


def sopc_calls(page: Path) -> Iterator[list[str]]:
    """Give every call of sopc that a page shows, as its arguments."""
    shown = [block.text for block in blocks(page) if block.language in {"sh", "console"}]
    shown += [span for span in re.findall(r"`([^`\n]+)`", prose(page)) if span.startswith("sopc ")]
    for part in shown:
        for call in _CALL.findall(part):
            yield call.split()
