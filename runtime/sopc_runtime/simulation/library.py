"""The procedures that simulated runs go by: those of one graph file, and of files that it calls."""

from functools import cached_property
from pathlib import Path, PurePath

from sopc.errors import UsageError
from sopc.graph import CallStep, StepGraph
from sopc.graph.file import load_graph
from sopc.organization import Organization, find_organization, load_organization
from sopc_runtime.core.decision import StartChild
from sopc_runtime.core.program import Program

_ENDING = ".sop.yaml"


class Library:
    """A graph file with the organization file that holds for it.

    Attributes:
        path: The graph file.
        graph: What it says.
        organization: Who and what it speaks of; None where no file says.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.graph: StepGraph = load_graph(path).graph
        found = find_organization(path.parent)
        self.organization: Organization | None = load_organization(found) if found else None

    @cached_property
    def _programs(self) -> dict[str, Program]:
        return {}

    def program(self, procedure: str | None = None) -> Program:
        """Give a procedure of the graph; the first where none is named.

        Raises:
            UsageError: There is none of that name.
        """
        key = procedure or self.graph.procedures[0].id
        if key not in self._programs:
            self._programs[key] = Program(self.graph, self.organization, key)
        return self._programs[key]

    @property
    def calls_files(self) -> bool:
        """Whether a step calls a procedure of another file."""
        steps = (step for each in self.graph.procedures for step in each.steps)
        return any(isinstance(step, CallStep) and step.file is not None for step in steps)

    def called(self, caller: Program, wanted: StartChild) -> Program | None:
        """Find the program that a step calls; None where there is none."""
        try:
            if wanted.file is None:
                if caller.graph is self.graph:
                    return self.program(wanted.procedure or caller.procedure.id)
                procedure = wanted.procedure or caller.procedure.id
                return Program(caller.graph, caller.organization, procedure)
            name = PurePath(wanted.file)
            own = name.name.endswith(_ENDING)
            stem = name.name.removesuffix(_ENDING) if own else name.stem
            beside = self.path.parent / name.parent / f"{stem}{_ENDING}"
            graph = load_graph(beside).graph
            return Program(graph, self.organization, wanted.procedure)
        except UsageError:
            return None
