"""How bad a finding is, and how sure the rule is of it."""

from enum import StrEnum


class Severity(StrEnum):
    """What a finding means for a run: it goes wrong, it may go wrong, or it is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Order severities: 0 is a note, 2 an error."""
        return (Severity.NOTE, Severity.WARNING, Severity.ERROR).index(self)


class Confidence(StrEnum):
    """How often a careful reader would agree: nearly always, mostly, or about half the time."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
