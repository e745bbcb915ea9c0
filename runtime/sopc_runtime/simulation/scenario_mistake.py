"""What in a scenario file does not fit its graph: unknown names, values of the wrong type."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from sopc.graph import ActionStep, Procedure, Step
from sopc.graph.span import Path
from sopc_runtime.core.moment import working
from sopc_runtime.core.value import problems_with
from sopc_runtime.simulation.instant import instant
from sopc_runtime.simulation.library import Library
from sopc_runtime.simulation.scenario import Scenario, ScenarioFile, Statement
from sopc_runtime.simulation.scenario_values import fields_of

RUN = "run"
"""What statements call the run as a whole."""

_ABOUT_RUN = frozenset({"escalates", "late"})


@dataclass(frozen=True)
class Mistake:
    """What is wrong, where by keys and positions, and what would help."""

    at: Path
    message: str
    hint: str | None = None


def mistakes_in(file: ScenarioFile, library: Library) -> Iterator[Mistake]:
    """Give what does not fit the graph."""
    graph = library.graph
    triggers = [(own, each.id) for own in graph.procedures for each in own.triggers]
    known = {each.name for own, one in triggers for each in fields_of(graph, own, one)}
    for name in file.values:
        if name not in known and known:
            yield unknown(("values", name), "value", name, known)
    names: set[str] = set()
    for number, scenario in enumerate(file.scenarios):
        at: Path = ("scenarios", number)
        if scenario.name in names:
            yield Mistake((*at, "name"), f"scenario `{scenario.name}` stands twice")
        names.add(scenario.name)
        yield from _Check(scenario, at, library).mistakes()


def unknown(at: Path, what: str, name: str, known: Iterable[str]) -> Mistake:
    """Tell of a name that the graph does not know."""
    names = list(known)
    near = get_close_matches(name, names, n=1)
    listed = ", ".join(f"`{each}`" for each in names) or "none"
    hint = f"did you mean `{near[0]}`" if near else f"there are: {listed}"
    return Mistake(at, f"the graph has no {what} `{name}`", hint)


def roles_of(library: Library) -> list[str]:
    """Give the ids of all roles that a graph or its organization file speaks of."""
    graph, organization = library.graph, library.organization
    steps = [step for each in graph.procedures for step in each.steps]
    rungs = [rung for each in (*graph.procedures, *steps) for rung in each.escalation]
    found = [each.id for each in graph.roles]
    found += [each.id for each in organization.roles] if organization else []
    found += [step.role for step in steps if step.role]
    found += [rung.to for rung in rungs if rung.to]
    found += [each.ask for step in steps for each in step.guardrails if each.ask]
    if organization is not None and organization.escalation is not None:
        found += [each for each in (organization.escalation.to,) if each]
    return list(dict.fromkeys(found))


class _Check:
    def __init__(self, scenario: Scenario, at: Path, library: Library) -> None:
        self._scenario, self._at, self._library = scenario, at, library
        self._procedures = {each.id: each for each in library.graph.procedures}

    def mistakes(self) -> Iterator[Mistake]:
        wanted = self._scenario.procedure
        if wanted is not None and wanted not in self._procedures:
            yield self._unknown(("procedure",), "procedure", wanted, self._procedures)
            return
        own = self._procedures[wanted] if wanted else self._library.graph.procedures[0]
        yield from self._beginning(own)
        yield from self._instants(own)
        if not self._library.calls_files:
            yield from self._given()
            yield from self._roles()
        for at, statement in self._statements():
            yield from self._statement(statement, at, own)

    def _unknown(self, at: Path, what: str, name: str, known: Iterable[str]) -> Mistake:
        return unknown((*self._at, *at), what, name, known)

    def _beginning(self, procedure: Procedure) -> Iterator[Mistake]:
        when = self._scenario.when
        if when.at.startswith("+"):
            message = f"`{when.at}` counts from the beginning, and this is the beginning"
            hint = "write an instant, as `2026-03-02 09:00`"
            yield Mistake((*self._at, "when", "at"), message, hint)
        triggers = {each.id: each for each in procedure.triggers}
        if when.trigger is not None and when.trigger not in triggers:
            yield self._unknown(("when", "trigger"), "trigger", when.trigger, triggers)
            return
        fields = fields_of(self._library.graph, procedure, when.trigger)
        known = {each.name: each for each in fields}
        for name in when.values:
            if name not in known and known:
                yield self._unknown(("when", "values", name), "value", name, known)
        for problem in problems_with(when.values, fields):
            name = problem.split("`")[1].split(".")[0].split("[")[0]
            yield Mistake((*self._at, "when", "values", name), problem)

    def _instants(self, procedure: Procedure) -> Iterator[Mistake]:
        """Give the instants that there are not, and those at which nothing can happen yet."""
        scenario, given = self._scenario, self._scenario.given
        hours = working(self._library.program(procedure.id))
        named: list[tuple[Path, str | None]] = [
            (("when", "at"), scenario.when.at),
            (("when", "occurred"), scenario.when.occurred),
            (("stop",), scenario.stop),
        ]
        named += [(("given", "later", place, "at"), e.at) for place, e in enumerate(given.later)]
        for path, statement in self._statements():
            named += [((*path, each), getattr(statement, each)) for each in ("at", "due", "until")]
        beginning = None
        for at, text in named:
            if text is None or (beginning is None and text.startswith("+")):
                continue
            try:
                found = instant(text, beginning=beginning, hours=hours)
            except (ValueError, OverflowError):
                yield Mistake((*self._at, *at), f"`{text}` lies beyond all time")
                continue
            if at == ("when", "at"):
                beginning = found
            elif beginning is not None and found < beginning and at[-1] in {"at", "stop"}:
                yield Mistake((*self._at, *at), f"`{text}` is before the run begins")

    def _roles(self) -> Iterator[Mistake]:
        known = roles_of(self._library)
        people = enumerate(self._scenario.given.people)
        named: list[tuple[Path, object]] = [
            (("given", "people", number, "role"), each.role) for number, each in people
        ]
        for path, statement in self._statements():
            named.append(((*path, "of"), statement.of))
            if statement.escalates is not None:
                named.append(((*path, "to"), statement.to))
        for at, role in named:
            if role is not None and role not in known and known:
                yield self._unknown(at, "role", str(role), known)

    def _statements(self) -> Iterator[tuple[Path, Statement]]:
        for name in ("expect", "also", "never"):
            for number, statement in enumerate(getattr(self._scenario, name)):
                yield (name, number), statement

    def _given(self) -> Iterator[Mistake]:
        steps = {step.id: step for each in self._procedures.values() for step in each.steps}
        for kind in ("systems", "people"):
            for number, entry in enumerate(getattr(self._scenario.given, kind)):
                at: Path = ("given", kind, number, "step")
                step = entry.step.partition("/")[0] if entry.step is not None else None
                if step is None:
                    continue
                if step not in steps:
                    yield self._unknown(at, "step", step, steps)
                elif kind == "systems" and not isinstance(steps[step], ActionStep):
                    message = f"`{step}` asks no system: it is no action"
                    yield Mistake((*self._at, *at), message)

    def _statement(self, statement: Statement, at: Path, own: Procedure) -> Iterator[Mistake]:
        procedure: Procedure | None = own
        if statement.within is not None:
            procedure = self._procedures.get(statement.within)
            if procedure is None:
                if not self._library.calls_files:
                    known = self._procedures
                    yield self._unknown((*at, "within"), "procedure", statement.within, known)
                return
        verb = statement.verb
        path = getattr(statement, verb)
        if procedure is None or verb == "ends" or (path == RUN and verb in _ABOUT_RUN):
            return
        steps: dict[str, Step] = {step.id: step for step in procedure.steps}
        step = path.partition("/")[0]
        if step not in steps:
            yield self._unknown((*at, verb), "step", step, steps)
