"""Why a person's decision is not taken.

UsageError
└── RefusalError
    ├── UnknownTaskError   there is no such task
    ├── ClosedTaskError    it was decided before, or nobody has to decide it any more
    ├── ChangedTaskError   it is not what was shown
    ├── NotAllowedError    this person may not
    └── UnfitDecisionError the choice, the values or the reason do not fit the task
"""

from datetime import datetime

from sopc.errors import UsageError


class RefusalError(UsageError):
    """Base of them all; nothing was changed."""


class UnknownTaskError(RefusalError):
    """There is no task with this number, or its content was erased."""


class ClosedTaskError(RefusalError):
    """The task is not open any more.

    Attributes:
        by: Who decided it; None where nobody did.
        at: When it was decided or closed, if that is kept.
        choice: What was decided.
    """

    def __init__(
        self,
        message: str,
        *,
        by: str | None = None,
        at: datetime | None = None,
        choice: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.by = by
        self.at = at
        self.choice = choice


class ChangedTaskError(RefusalError):
    """The task is not the one whose digest was given."""


class NotAllowedError(RefusalError):
    """The person is unknown, has left, or may not decide this task."""


class UnfitDecisionError(RefusalError):
    """The choice, the values or the reason do not fit the task."""
