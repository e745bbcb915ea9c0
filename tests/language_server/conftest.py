"""One server for all tests, each of which has a folder of its own below the server's."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from language_server.editor import Editor

CATALOGUE = Path(__file__).parents[1] / "rules" / "catalogue"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server is started; no settings of this machine hold in it."""
    folder = tmp_path_factory.mktemp("editor").resolve()
    (folder / "sopc.toml").write_text("")
    return folder


@pytest.fixture(scope="session")
def started(folder: Path) -> Iterator[Editor]:
    """An editor that counts as most do: in UTF-16."""
    editor = Editor(folder, None)
    yield editor
    assert editor.quit() == 0
    assert editor.logged == []


@dataclass(frozen=True)
class Desk:
    """An editor and a folder to edit in."""

    editor: Editor
    folder: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file."""
        path = self.folder / name
        path.write_bytes(text.encode())
        return path

    def only(self, *rules: str) -> None:
        """Let some rules alone look, so that a test does not depend on all others."""
        listed = ", ".join(f'"{rule}"' for rule in rules)
        self.write("sopc.toml", f"[check]\nselect = [{listed}]\n")

    def example(self, rule: str, name: str = "refunds.sop.yaml") -> Path:
        """Write the failing example of a rule, and let that rule alone look."""
        self.only(rule)
        return self.write(name, (CATALOGUE / rule / "fails.sop.yaml").read_text(encoding="utf-8"))

    def pair(self) -> tuple[Path, Path]:
        """Write prose with an emoji before a vague time, and the graph that cites it."""
        self.only("vague-time")
        prose = self.write("refunds.md", PROSE)
        return self.write("refunds.sop.yaml", graph_of(PROSE)), prose


@pytest.fixture
def desk(started: Editor, folder: Path, request: pytest.FixtureRequest) -> Desk:
    """A folder of a test's own."""
    own = folder / request.node.name
    own.mkdir()
    return Desk(started, own)


PROSE = "# Refunds\n\n1. 🙂 退款: the billing specialist issues the refund in Stripe promptly.\n"
"""Its vague time begins behind 6 characters more than letters: the emoji is two units of UTF-16."""


def graph_of(prose: str) -> str:
    """Give a graph of the prose above, however it is changed before its step."""
    clean = (CATALOGUE / "missing-deadline" / "passes.sop.yaml").read_text(encoding="utf-8")
    sha256 = hashlib.sha256(prose.encode()).hexdigest()
    vague = f"says: promptly\n            vague: true\n            cite: {cite(prose, 'promptly')}"
    passage = prose.rstrip("\n").rpartition("1. ")[2]
    return (
        clean.replace(
            "title: Refunds\n",
            f"title: Refunds\nsource: {{path: refunds.md, sha256: {sha256}}}\n",
        )
        .replace("says: within 1 business day\n            within: 1 business day", vague)
        .replace(
            "        system: stripe\n        deadlines",
            "        system: stripe\n"
            f"        citations:\n          title: {cite(prose, 'issues the refund in Stripe')}\n"
            "        deadlines",
        )
        + "passages:\n"
        f"  - {{{place(prose, passage)}, kind: item, hash: 19f362ecb2b4, instructs: true}}\n"
    )


def cite(prose: str, words: str) -> str:
    """Give a citation of words."""
    return f"{{{place(prose, words)}, match: exact, quote: {words}}}"


def place(prose: str, words: str) -> str:
    """Give where words stand, in code points."""
    start = prose.index(words)
    line_start = prose.rfind("\n", 0, start) + 1
    line = prose.count("\n", 0, start) + 1
    return f"line: {line}, column: {start - line_start + 1}, length: {len(words)}"
