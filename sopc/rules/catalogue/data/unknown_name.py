"""The rule `unknown-name`, SOP802."""

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping

from sopc.diagnostics import Severity
from sopc.graph import CallStep
from sopc.graph.edit import Put
from sopc.graph.output import outputs_of
from sopc.rules.context import CheckContext
from sopc.rules.naming.nearest import Known
from sopc.rules.rule import Flaw, Repair, rule
from sopc.rules.values.expression_place import ExpressionPlace, Scope
from sopc.rules.values.renaming import renamed

_MOST_CHOICES = 12
_MOST_COMPARED = 100
_BEGINNING = 3


@rule("SOP802", "unknown-name", Severity.ERROR)
def unknown_name(context: CheckContext) -> Iterator[Flaw]:
    """A name in an expression that nothing gives.

    ## What it does
    Looks up every name of every expression among the graph's inputs, what the triggers bring, what
    the procedure's steps give out or compute, and what callers hand over. The name of a for-each
    element and the payload of an awaited event are known where they belong. What a call takes from
    a procedure of the file is looked up among what that one gives.

    ## Why it matters
    The expression has no value, so the run stops where it is asked for.

    ## Example
    ```yaml
    inputs:
      - {name: amount, type: money, currency: USD}
    ...
        when:
          - {says: if it is over $500, cel: amuont > 50000}
    ```

    ## Use instead
    ```yaml
          - {says: if it is over $500, cel: amount > 50000}
    ```

    ## Fix safety
    The fix writes the nearest known name. It is unsafe: another value may be meant.
    """
    elsewhere = _givers(context)
    known = _KnownNames()
    said: set[tuple[str, str | None, str]] = set()
    for place in context.expressions:
        for name in sorted(name for name in place.names if not place.scope.knows(name)):
            key = (place.procedure, place.step, name)
            if key in said:
                continue
            said.add(key)
            near = known.nearest(name, place.scope)
            yield Flaw(
                at=place.path,
                message=f"nothing gives `{name}`, which `{place.cel}` asks for",
                about=place.about,
                key=name,
                label="has no value",
                help=_help(name, near, place),
                notes=_notes(name, elsewhere.get(name, ()), place),
                cite=getattr(place.part, "cite", None),
                step=place.step,
                repair=_repair(name, near, place) if near else None,
            )
    yield from _never_returned(context)


def _never_returned(context: CheckContext) -> Iterator[Flaw]:
    given = {name: {*data.givers, *data.may_be_entered_with} for name, data in context.data.items()}
    for at in context.steps:
        step = at.step
        if not isinstance(step, CallStep) or step.file or step.procedure not in given:
            continue
        known = Known(given[step.procedure], kind="value")
        for number, field in enumerate(step.outputs):
            if field.name in given[step.procedure]:
                continue
            near = known.nearest(field.name)
            called = context.flows[step.procedure]
            yield Flaw(
                at=(*at.path, "outputs", number, "name"),
                message=f"procedure `{step.procedure}` does not give `{field.name}`, "
                f"which step `{step.id}` takes from it",
                about=at.about("outputs"),
                key=field.name,
                label="has no value",
                help=f"write `{near}`, or let a step of `{step.procedure}` give `{field.name}`"
                if near
                else f"let a step of `{step.procedure}` give `{field.name}`",
                related=(((*called.path, "title"), "is called"),),
                cite=field.cite or at.cite(),
                step=step.id,
            )


class _KnownNames:
    """The names of each scope by their beginnings, so that thousands of them are no trouble."""

    def __init__(self) -> None:
        self._by_beginning: dict[int, dict[str, list[str]]] = {}

    def nearest(self, name: str, scope: Scope) -> str | None:
        names: list[str] = [*scope.inner, *sorted(scope.untyped)]
        if len(scope.fields) <= _MOST_COMPARED:
            names += scope.fields
        else:
            names += self._beginning(scope).get(name[:_BEGINNING], [])
        near = difflib.get_close_matches(name, names[:_MOST_COMPARED], n=1, cutoff=0.75)
        return near[0] if near else None

    def _beginning(self, scope: Scope) -> dict[str, list[str]]:
        found = self._by_beginning.get(id(scope.fields))
        if found is None:
            found = self._by_beginning[id(scope.fields)] = defaultdict(list)
            for each in scope.fields:
                found[each[:_BEGINNING]].append(each)
        return found


def _help(name: str, near: str | None, place: ExpressionPlace) -> str:
    if near:
        return f"write `{near}`, or give `{name}` as an input, a payload or a step's output"
    listed = ""
    if len(place.scope.fields) <= _MOST_CHOICES:
        known = sorted(set(place.scope.names()))
        if known:
            listed = "; known here are " + ", ".join(f"`{each}`" for each in known)
    return f"list `{name}` among the inputs, a trigger's payload or a step's outputs{listed}"


def _notes(name: str, givers: tuple[str, ...], place: ExpressionPlace) -> tuple[str, ...]:
    others = sorted(each for each in givers if each != place.procedure)
    if not others:
        return ()
    return (f"procedure `{others[0]}` has a `{name}`, which this one cannot see",)


def _repair(name: str, near: str, place: ExpressionPlace) -> Repair | None:
    written = renamed(place.cel, {name: near})
    return Repair(f"write `{near}` for `{name}`", (Put(place.path, written),)) if written else None


def _givers(context: CheckContext) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for place in context.steps:
        for value in outputs_of(place.step):
            found[value.name].add(place.procedure.id)
    for trigger in context.triggers:
        for field in getattr(trigger.trigger, "payload", ()):
            found[field.name].add(trigger.procedure.id)
    return {name: tuple(sorted(procedures)) for name, procedures in found.items()}
