"""What formats need to know of a rule; the rules themselves stand in a layer above."""

from collections.abc import Sequence
from typing import Protocol

from sopc.diagnostics.severity import Confidence, Severity


class RuleText(Protocol):
    """What a rule says about itself."""

    @property
    def summary(self) -> str:
        """What it finds, as one sentence."""
        ...

    @property
    def sections(self) -> Sequence[tuple[str, str]]:
        """Headings and texts, in Markdown."""
        ...

    def markdown(self) -> str:
        """Give all of it as Markdown."""
        ...


class DescribedRule(Protocol):
    """A rule that findings are of."""

    @property
    def code(self) -> str:
        """Its code, as `SOP301`."""
        ...

    @property
    def name(self) -> str:
        """Its name, as `missing-deadline`."""
        ...

    @property
    def severity(self) -> Severity:
        """What its findings mean, unless one says otherwise."""
        ...

    @property
    def confidence(self) -> Confidence:
        """How sure it is, unless a finding says otherwise."""
        ...

    @property
    def explanation(self) -> RuleText:
        """What it says about itself."""
        ...
