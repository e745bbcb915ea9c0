"""What a rule says about itself: the docstring of its function, in fixed sections."""

import inspect
import re
from dataclasses import dataclass

SECTIONS = ("What it does", "Why it matters", "Example", "Use instead", "Fix safety")

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A summary line and the sections, in Markdown.

    Attributes:
        summary: What the rule finds, as one sentence.
        sections: Headings and texts, in the order of `SECTIONS`.
    """

    summary: str
    sections: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, docstring: str) -> "Explanation":
        """Take a docstring apart at its `## ` headings."""
        summary, *parts = _HEADING.split(inspect.cleandoc(docstring))
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return cls(summary.strip(), tuple((name, text.strip()) for name, text in pairs))

    def markdown(self) -> str:
        """Give the summary and all sections as Markdown."""
        parts = [self.summary, *(f"## {name}\n\n{text}" for name, text in self.sections)]
        return "\n\n".join(parts) + "\n"
