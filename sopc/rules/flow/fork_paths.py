"""Where paths that run at once come together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import TYPE_CHECKING

from sopc.graph import END
from sopc.graph.network import START, Flow

if TYPE_CHECKING:
    from sopc.rules.flow.procedure_flow import ProcedureFlow

_Fork = tuple[str, tuple[str | int, ...]]
"""The step, and its field that names several steps."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two ways into a step that one run takes both, and the fork that they come from."""

    fork: str
    field: tuple[str | int, ...]
    ways: tuple[Flow, Flow]


@dataclass(frozen=True)
class ForkPaths:
    """The paths of each fork, followed to where they meet; there they go on as one.

    Each path is a bit in a whole number, so that thousands of forks are no trouble.
    """

    flow: "ProcedureFlow"

    @cached_property
    def meetings(self) -> Mapping[str, Meeting]:
        """The first steps in which paths of one fork come together; the end is none."""
        found: dict[str, Meeting] = {}
        after = {START: 0}
        for node in self.flow.order[1:]:
            ways = [way for way in self.flow.ways_in[node] if not self.flow.goes_back(way)]
            came = [after[way.step] | self._starts.get((way.step, way.path), 0) for way in ways]
            together = reduce(int.__or__, came)
            if node == END:
                continue
            for paths in self._several(together) if len(ways) > 1 else ():
                here = [number for number, each in enumerate(came) if each & paths]
                if len(here) > 1 and node not in found:
                    step, field = self._forks[paths]
                    found[node] = Meeting(step, field, (ways[here[0]], ways[here[1]]))
                present = together & paths
                together ^= present
                if present != paths:
                    together |= present & -present
            after[node] = together
        return found

    @cached_property
    def _flows(self) -> Mapping[_Fork, list[Flow]]:
        found: dict[_Fork, list[Flow]] = defaultdict(list)
        for way in self.flow.all_flows:
            if way.path and isinstance(way.path[-1], int):
                found[way.step, way.path[:-1]].append(way)
        return {fork: ways for fork, ways in found.items() if len(ways) > 1}

    @cached_property
    def _bits(self) -> tuple[Mapping[_Fork, int], Mapping[int, _Fork], tuple[int, ...]]:
        """The bit of each path; the fork of each group of bits; the group of each bit."""
        starts: dict[_Fork, int] = {}
        forks: dict[int, _Fork] = {}
        groups: list[int] = []
        for fork, ways in self._flows.items():
            first = len(groups)
            paths = ((1 << len(ways)) - 1) << first
            forks[paths] = fork
            for number, way in enumerate(ways):
                starts[way.step, way.path] = 1 << (first + number)
                groups.append(paths)
        return starts, forks, tuple(groups)

    @property
    def _starts(self) -> Mapping[_Fork, int]:
        return self._bits[0]

    @property
    def _forks(self) -> Mapping[int, _Fork]:
        return self._bits[1]

    def _several(self, paths: int) -> Iterator[int]:
        """Give the forks of which several paths are among these."""
        groups = self._bits[2]
        while paths:
            group = groups[(paths & -paths).bit_length() - 1]
            several = paths & group
            paths &= ~group
            if several & (several - 1):
                yield group
