"""The rule `unknown-name`, SOP802."""

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping

from sopc.diagnostics import Severity
from sopc.graph.edit import Put
from sopc.graph.expression_tree import NamePlace, name_places
from sopc.rules.context import CheckContext
from sopc.rules.expression_place import ExpressionPlace, produced
from sopc.rules.rule import Flaw, Repair, rule

_MOST_CHOICES = 12


@rule("SOP802", "unknown-name", Severity.ERROR)
def unknown_name(context: CheckContext) -> Iterator[Flaw]:
    """A name in an expression that nothing gives.

    ## What it does
    Looks up every name of every expression among the graph's inputs, what the triggers bring, what
    the procedure's steps give out or compute, and what callers hand over. The name of a for-each
    element and the payload of an awaited event are known where they belong.

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
    said: set[tuple[str, str | None, str]] = set()
    for place in context.expressions:
        for name in sorted(name for name in place.names if not place.scope.knows(name)):
            key = (place.procedure, place.step, name)
            if key in said:
                continue
            said.add(key)
            near = _nearest(name, place)
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


def _nearest(name: str, place: ExpressionPlace) -> str | None:
    # Its own length bounds what can be near, so that thousands of names are no trouble.
    known = {each for each in place.scope.names() if abs(len(each) - len(name)) <= 3}  # noqa: PLR2004
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.75)
    return near[0] if near else None


def _help(name: str, near: str | None, place: ExpressionPlace) -> str:
    if near:
        return f"write `{near}`, or give `{name}` as an input, a payload or a step's output"
    known = sorted(set(place.scope.names()))
    listed = ""
    if 0 < len(known) <= _MOST_CHOICES:
        listed = "; known here are " + ", ".join(f"`{each}`" for each in known)
    return f"list `{name}` among the inputs, a trigger's payload or a step's outputs{listed}"


def _notes(name: str, givers: tuple[str, ...], place: ExpressionPlace) -> tuple[str, ...]:
    others = sorted(each for each in givers if each != place.procedure)
    if not others:
        return ()
    return (f"procedure `{others[0]}` has a `{name}`, which this one cannot see",)


def _repair(name: str, near: str, place: ExpressionPlace) -> Repair:
    written = _renamed(place.cel, [each for each in name_places(place.cel) if each.name == name])
    title = f"write `{near}` for `{name}`"
    return Repair(title, (Put(place.path, near.join(written)),), safe=False)


def _renamed(cel: str, places: list[NamePlace]) -> list[str]:
    """Cut an expression where a name stands."""
    lines = cel.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    pieces, begin = [], 0
    for each in places:
        start = starts[each.line - 1] + each.column - 1
        pieces.append(cel[begin:start])
        begin = start + len(each.name)
    return [*pieces, cel[begin:]]


def _givers(context: CheckContext) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for place in context.steps:
        for value in produced(place.step):
            found[value.name].add(place.procedure.id)
    for trigger in context.triggers:
        for field in getattr(trigger.trigger, "payload", ()):
            found[field.name].add(trigger.procedure.id)
    return {name: tuple(sorted(procedures)) for name, procedures in found.items()}
