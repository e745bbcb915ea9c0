"""Sources whose events nothing deployed is about: a misspelt system would be ignored for ever."""

from collections.abc import Iterable

from sqlalchemy import Connection

from sopc.errors import SopcError
from sopc.graph import EventTrigger, WaitStep
from sopc.organization.name import folded
from sopc_runtime.core.program import Program
from sopc_runtime.store.run_start import versions


def unheard(connection: Connection, systems: Iterable[str]) -> tuple[str, ...]:
    """Give those of the systems by whose events no deployed procedure starts, or goes on.

    Names are compared as the organization file compares them.
    """
    left = list(dict.fromkeys(systems))
    for version in versions(connection):
        try:
            program = version.program(connection)
        except SopcError:
            # What cannot be read may be about any of them.
            return ()
        heard = {_own(program, each) for each in _named(program)}
        left = [each for each in left if _own(program, each) not in heard]
    return tuple(left)


def _named(program: Program) -> Iterable[str]:
    events = [each for each in program.procedure.triggers if isinstance(each, EventTrigger)]
    events += [
        each.event
        for each in program.steps.values()
        if isinstance(each, WaitStep) and each.event is not None
    ]
    return [each.system for each in events if each.system is not None]


def _own(program: Program, system: str) -> str:
    known = program.organization.system(system) if program.organization else None
    return folded(known.id if known is not None else system)
