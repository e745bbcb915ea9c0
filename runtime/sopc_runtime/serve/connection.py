"""Connections to the web side, which may not be kept without asking for anything."""

import asyncio
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PromptConnection(H11Protocol):
    """HTTP as uvicorn speaks it, cut where the head of a request takes too long.

    Uvicorn itself waits for it without end, so that a few hundred senders of one byte a minute
    would keep everybody else out.

    Attributes:
        seconds: How long a head may take, from the connection or its first byte on.
    """

    seconds: ClassVar[float] = 10.0
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; a head that is whole is not waited for any more."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._await_head()
        else:
            self._head_is_here()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, of which a part may be here already."""
        super().on_response_complete()
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._head_is_here()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.seconds, self._cut)

    def _head_is_here(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _cut(self) -> None:
        self._late = None
        state: Any = self.conn.their_state
        if state is h11.IDLE:
            self.transport.close()
