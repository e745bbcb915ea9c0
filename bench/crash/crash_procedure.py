"""Procedures made by chance, of acts in a row, forks, for-eaches and waits."""

import random

SYSTEMS = ("plain", "asked", "keyed", "read")
"""What the four systems do with a request that may have happened: `plain` cannot tell, `asked` can
be asked whether it did, `keyed` does it once for one key, and `read` changes nothing."""

ORGANIZATION = """\
format: 1
name: Tidewater
systems:
  - id: plain
    name: Plain
    binding: {connector: recorded, settings: {}}
    operations: [{name: act, effect: send}]
  - id: asked
    name: Asked
    binding: {connector: recorded, settings: {}}
    operations: [{name: act, effect: send}]
  - id: keyed
    name: Keyed
    binding: {connector: recorded, settings: {max_concurrent: 6}}
    operations: [{name: act, effect: write, idempotent: true}]
  - id: read
    name: Read
    binding: {connector: recorded, settings: {}}
    operations: [{name: act, effect: read}]
"""

ITEMS = [1, 2, 3]
_HEAD = """\
format: 1
id: {id}
title: By chance
inputs: [{{name: numbers, type: list, items: integer}}]
procedures:
  - id: {id}
    title: By chance
    steps:
"""


def graph_text(chance: random.Random, name: str, *, blocks: int = 5, waits: bool = True) -> str:
    """Make a graph of so many blocks."""
    made = _Blocks(chance)
    makers = [made.act, made.fork, made.each, *([made.wait] if waits else [])]
    for number in range(blocks):
        # Each kind comes up before any comes twice.
        makers[number % len(makers)]() if number < len(makers) else chance.choice(makers)()
    made.act()
    return _HEAD.format(id=name) + "".join(made.lines)


class _Blocks:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.lines: list[str] = []
        self.count = 0

    def act(self, *further: str) -> None:
        """Add one act."""
        system = self.chance.choice(SYSTEMS)
        self._step(
            "kind: action",
            "tier: {level: 1, reason: safe}",
            f"system: {system}",
            "operation: act",
            *further,
        )

    def fork(self) -> None:
        """Add three acts beside each other."""
        first = self.count + 1
        self._step(
            "kind: compute",
            f"values: [{{name: forked_{first}, type: integer, cel: '1'}}]",
            f"next: [s{first + 1}, s{first + 2}, s{first + 3}]",
        )
        for _ in range(3):
            self.act(f"next: s{first + 4}")
        self.act("join: all")

    def each(self) -> None:
        """Add an act for each element of a list."""
        self.act("for_each: {items: numbers, name: number}")

    def wait(self) -> None:
        """Add a wait."""
        self._step("kind: wait", "duration: PT1S")

    def _step(self, *fields: str) -> None:
        self.count += 1
        self.lines.append(f"      - id: s{self.count}\n        title: Step {self.count}\n")
        self.lines += [f"        {field}\n" for field in fields]
