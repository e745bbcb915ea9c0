"""Turns to write: the threads of a process queue for a SQLite file before they ask for its lock.

SQLite itself lets those who wait sleep ever longer and try again, so that under load most of the
time nobody writes.
"""

import sqlite3
import threading
from typing import Any


class TurnConnection(sqlite3.Connection):
    """A connection whose write transactions begin when its turn has come.

    Attributes:
        turns: Whose turn it is; connections that share it queue for it.
    """

    turns: threading.Lock

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._has_turn = False

    def begin(self, patience: float | None) -> None:
        """Begin a transaction.

        Args:
            patience: For one that writes, after how many seconds of waiting for the turn SQLite
                decides who is next; None for one that only reads.
        """
        if patience is None:
            self.execute("BEGIN")
            return
        self._has_turn = self.turns.acquire(timeout=patience)
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._end_turn()
            raise

    def commit(self) -> None:
        """Commit; the turn is kept where that failed and the transaction is still open."""
        try:
            super().commit()
        finally:
            self._end_turn_if_over()

    def rollback(self) -> None:
        """Roll back."""
        try:
            super().rollback()
        finally:
            self._end_turn_if_over()

    def close(self) -> None:
        """Close, and let the next one write."""
        try:
            super().close()
        finally:
            self._end_turn()

    def _end_turn_if_over(self) -> None:
        if self._has_turn and not self.in_transaction:
            self._end_turn()

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self.turns.release()
