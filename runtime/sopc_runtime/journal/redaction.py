"""What of a procedure's values is not to stand in the journal in clear, by rule."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Optional

from sopc.graph import ComputedValue, DataField, ScheduleTrigger
from sopc.graph.output import outputs_of
from sopc.organization import Organization
from sopc_runtime.core.program import Program

Names = Mapping[str, Optional["Names"]]
"""Sensitive values by name; None where all of it is, else the names within it that are."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is kept out of the journal.

    Attributes:
        names: The values that go to the vault, by name.
        secrets: The environment variables whose values are blotted out wherever they occur.
    """

    names: Names = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


NOTHING = Redaction()

_REFERENCE = "env:"


@lru_cache(maxsize=256)
def redaction(program: Program) -> Redaction:
    """Give what has to be kept out for a procedure and its organization."""
    names = _sensitive(_declared(program))
    for step in program.procedure.steps:
        items = step.for_each.items if step.for_each is not None else None
        if step.for_each is not None and items in names:
            names[step.for_each.name] = names[items]
    return Redaction(names, _secrets(program.organization))


def _declared(program: Program) -> Iterator[DataField]:
    # The program's own fields are typed for expressions, where lists of elements lose the mark.
    given: list[DataField | ComputedValue] = [*program.graph.inputs]
    for trigger in program.procedure.triggers:
        if not isinstance(trigger, ScheduleTrigger):
            given += trigger.payload
    for step in program.procedure.steps:
        given += outputs_of(step)
    return (each for each in given if isinstance(each, DataField))


def _sensitive(fields: Iterable[DataField]) -> dict[str, Names | None]:
    found: dict[str, Names | None] = {}
    for each in fields:
        if each.sensitive:
            found[each.name] = None
        elif inner := _sensitive(each.fields):
            known = found.get(each.name, {})
            if known is not None:
                found[each.name] = {**known, **inner}
    return found


def _secrets(organization: Organization | None) -> tuple[str, ...]:
    if organization is None:
        return ()
    found: set[str] = set()
    for system in organization.systems:
        if system.binding is not None:
            settings = system.binding.settings.values()
            found.update(
                each.removeprefix(_REFERENCE)
                for each in settings
                if isinstance(each, str) and each.startswith(_REFERENCE)
            )
    return tuple(sorted(found))
