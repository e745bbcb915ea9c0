"""A limit on the tokens that one run may use."""

import threading

from sopc.errors import WorkError


class TokenBudget:
    """Tokens read and written, counted across threads against a limit (None: only counted).

    Cached replies cost nothing. A request that is running when the budget ends is finished.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self._used = 0
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Tokens used so far."""
        with self._lock:
            return self._used

    def add(self, tokens: int) -> None:
        """Count a reply's tokens."""
        with self._lock:
            self._used += tokens

    def check(self) -> None:
        """Allow one more request.

        Raises:
            WorkError: The budget is spent.
        """
        if self.limit is not None and self.used >= self.limit:
            raise WorkError(
                f"the token budget is spent: {self.used} of {self.limit} tokens were used",
                hint="raise it with `--token-budget`, or `token_budget` in `sopc.toml`",
            )
