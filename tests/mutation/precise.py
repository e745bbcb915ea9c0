"""Graphs without findings: the project's precise examples, and one that uses all of the format."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sopc.checking.prose_text import prose_text
from sopc.diagnostics import Prose, read_prose
from sopc.graph import StepGraph
from sopc.graph.document import compose, plain
from sopc.organization import Organization, load_organization
from sopc.rules import GraphRule, rule_named
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
PEOPLES_WORK = ("unbound-system",)
"""What is no mistake in them: the onboarding example leaves some of its systems to people."""
FILES = sorted(
    [
        *(ROOT / "examples").glob("*-precise/*.sop.yaml"),
        ROOT / "examples/refund-approval/refund-approval.sop.yaml",
        ROOT / "examples/quarterly-business-review/quarterly-business-review.sop.yaml",
        Path(__file__).parent / "travel" / "travel.sop.yaml",
    ]
)

Data = dict[str, Any]


@dataclass(frozen=True)
class Precise:
    """A graph without findings, as plain values, with what is around it."""

    path: Path
    text: str
    organization: Organization
    prose: Prose | None

    @property
    def data(self) -> Data:
        """The graph's plain values, to be changed at will."""
        values: Data = plain(compose(self.text, self.path.name))
        return values

    def flaws(
        self,
        rule: str,
        data: Data,
        organization: Organization | None = None,
        prose: Prose | None = None,
    ) -> list[Flaw]:
        """Give what one rule says about changed values."""
        found = rule_named(rule)
        assert isinstance(found, GraphRule), rule
        graph = StepGraph.model_validate(data)
        known = organization or self.organization
        return list(found.check(CheckContext(graph, known, prose or self.prose, TODAY)))


def load(path: Path) -> Precise:
    """Load a graph with its organization and its prose."""
    text = path.read_text(encoding="utf-8")
    source = StepGraph.model_validate(plain(compose(text, path.name))).source
    folder = path.parent
    prose = source and read_prose(source, folder, lambda one: prose_text(folder / one.path, one))
    return Precise(path, text, load_organization(folder / "organization.yaml"), prose)
