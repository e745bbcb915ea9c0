"""Connections that threads keep from one transaction to the next."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError


class KeptConnections:
    """One for each thread that works without a pause.

    To take one from the pool and give it back takes longer than most statements do, and on
    PostgreSQL somebody has to be asked whether it is still good.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._mine = threading.local()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Begin a transaction, committed at the end; what fails takes a new connection then."""
        connection: Connection | None = getattr(self._mine, "connection", None)
        self._mine.connection = None
        if connection is None:
            connection = self._engine.connect()
        try:
            with connection.begin():
                yield connection
        except BaseException as error:
            if isinstance(error, OperationalError):
                # Whatever it is in the middle of, nobody has to put it right.
                connection.invalidate(error)
            connection.close()
            raise
        self._mine.connection = connection

    def release(self) -> None:
        """Give back what this thread keeps."""
        connection: Connection | None = getattr(self._mine, "connection", None)
        self._mine.connection = None
        if connection is not None:
            connection.close()
