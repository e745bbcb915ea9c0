"""Running a scenario: what it expects, against what happens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sopc_runtime.core.moment import working
from sopc_runtime.simulation.expectation import Reader, Seen
from sopc_runtime.simulation.instant import instant
from sopc_runtime.simulation.library import Library
from sopc_runtime.simulation.memory import MemoryDriver, MemoryRun
from sopc_runtime.simulation.sample import Sampler
from sopc_runtime.simulation.scenario import Occurrence, Scenario, Statement
from sopc_runtime.simulation.scenario_world import ScenarioWorld
from sopc_runtime.simulation.timeline import Line, happenings, lines_of, written

_RUN = "run"
_LONGEST = timedelta(days=3653)
_MOST_EVENTS = 100_000
_AROUND = 12
"""How many lines of a long timeline are shown on each side of what matters."""


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that a scenario says and that is not so.

    Attributes:
        message: What, in a line.
        note: What happened instead, if anything like it did.
        entry: The journal's entry around which to look.
    """

    message: str
    note: str | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a scenario came out.

    Attributes:
        misses: What is not so; none where it passes.
        unused: Entries of `given` that nothing was asked of.
        runs: The runs, the scenario's own first.
        lines: The timeline.
    """

    scenario: Scenario
    misses: tuple[Miss, ...]
    unused: tuple[str, ...]
    runs: tuple[MemoryRun, ...]
    lines: tuple[Line, ...]
    zone: ZoneInfo

    @property
    def passed(self) -> bool:
        """Whether all is as the scenario says."""
        return not self.misses

    def timeline(self) -> list[str]:
        """Give the timeline around the first miss; all of it where it is short."""
        lines = self.lines
        marked = next((each.entry for each in self.misses if each.entry is not None), None)
        if len(lines) <= 2 * _AROUND + 1:
            return written(lines, self.zone, main=_RUN)
        last = len(lines) - 1
        place = next((number for number, line in enumerate(lines) if line.entry == marked), last)
        first = max(0, min(place - _AROUND, last - 2 * _AROUND))
        end = min(len(lines), first + 2 * _AROUND + 1)
        shown = written(lines[first:end], self.zone, main=_RUN)
        before = [f"... {first} lines before"] if first else []
        after = [f"... {len(lines) - end} lines after"] if end < len(lines) else []
        return [*before, *shown, *after]


def run_scenario(scenario: Scenario, library: Library) -> Verdict:
    """Run a scenario on the virtual clock, and compare."""
    program = library.program(scenario.procedure)
    hours = working(program)
    beginning = instant(scenario.when.at, beginning=None, hours=hours)

    def at(text: str) -> datetime:
        return instant(text, beginning=beginning, hours=hours)

    world = ScenarioWorld(scenario.given, Sampler(beginning))
    driver = MemoryDriver(world, now=beginning, programs=library.called)
    for each in scenario.given.later:
        _arrange(driver, each, at(each.at))
    triggers = program.procedure.triggers
    driver.start(
        program,
        _RUN,
        mode=scenario.mode,
        trigger=scenario.when.trigger or (triggers[0].id if triggers else None),
        values=scenario.when.values,
        occurred=at(scenario.when.occurred) if scenario.when.occurred else None,
        by=scenario.when.by,
    )
    stop = at(scenario.stop) if scenario.stop else beginning + _LONGEST
    driver.run(until=stop, at_most=_MOST_EVENTS)
    seen = [
        Seen(number, each)
        for number, entry in enumerate(driver.journal)
        for each in happenings([entry])
    ]
    misses = [Miss(each) for each in world.problems]
    if driver.taken >= _MOST_EVENTS:
        misses.append(Miss(f"it goes on and on: {_MOST_EVENTS:,} events, and no end"))
    misses += _compare(scenario, Reader(_RUN, beginning, hours), seen)
    return Verdict(
        scenario,
        tuple(misses),
        tuple(world.unused),
        tuple(driver.runs.values()),
        tuple(lines_of(driver.journal, hours.zone)),
        hours.zone,
    )


def _arrange(driver: MemoryDriver, each: Occurrence, at: datetime) -> None:
    def happen() -> None:
        if each.mode is not None:
            driver.change_mode(each.mode, "the scenario")
        elif each.cancelled_by is not None:
            driver.cancel(_RUN, each.cancelled_by)
        else:
            driver.arrive(each.system or "", each.event or "", each.values)

    driver.at(at, happen)


def _compare(scenario: Scenario, reader: Reader, seen: list[Seen]) -> list[Miss]:
    misses = []
    used: set[int] = set()
    first, before = 0, None
    for statement in scenario.expect:
        place = _find(statement, reader, seen, used, first)
        if place is None:
            misses.append(_missing(statement, reader, seen, before))
            continue
        used.add(place)
        first, before = place + 1, statement
    for statement in scenario.also:
        place = _find(statement, reader, seen, used, 0)
        if place is None:
            misses.append(_missing(statement, reader, seen, None))
        else:
            used.add(place)
    for statement in scenario.never:
        place = _find(statement, reader, seen, set(), 0)
        if place is not None:
            misses.append(Miss(f"happened: {reader.words(statement)}", None, seen[place].entry))
    return misses


def _find(
    statement: Statement, reader: Reader, seen: list[Seen], used: set[int], first: int
) -> int | None:
    """Give the first place, from one on, of what a statement says."""
    for place, each in enumerate(seen):
        if place < first or place in used:
            continue
        if reader.is_about(statement, each.happening) and not reader.differences(
            statement, each.happening
        ):
            return place
    return None


def _missing(
    statement: Statement, reader: Reader, seen: list[Seen], before: Statement | None
) -> Miss:
    message = f"did not happen: {reader.words(statement)}"
    near = reader.nearest(statement, seen)
    if near is None:
        return Miss(message, "nothing like it happened")
    if near.differences:
        return Miss(message, f"it happened with {'; '.join(near.differences)}", near.seen.entry)
    if before is not None:
        note = f"it happened only before: {reader.words(before)}"
    else:
        note = "it happened once, and an earlier statement says so already"
    return Miss(message, note, near.seen.entry)
