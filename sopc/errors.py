"""The exceptions that sopc raises for a user's mistake or an outer failure.

    SopcError
    ├── UsageError        wrong flags, configuration or input file: exit code 2
    └── WorkError         the work could not be done (provider, network, internal): exit code 3

Findings about a procedure are data, never exceptions.
"""


class SopcError(Exception):
    """Base of everything sopc raises on purpose.

    Attributes:
        hint: The change that would help, shown on the `help:` line; None if there is none.
        exit_code: What the command line exits with.
    """

    exit_code = 3

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(SopcError):
    """The user's flags, configuration or file are wrong; nothing was done."""

    exit_code = 2


class WorkError(SopcError):
    """The work could not be done for an outer reason; what was finished is kept."""

    exit_code = 3
