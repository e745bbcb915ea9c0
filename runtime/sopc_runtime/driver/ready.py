"""What a worker has found to do and not begun: each thing once, in the order it was found."""

import threading
import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RunWork:
    """A run has mail."""

    run: str


@dataclass(frozen=True, slots=True)
class CallWork:
    """A call of a run is to be carried out; `owner` is who left it, if it was begun before."""

    run: str
    call: str
    owner: str | None = None


Work = RunWork | CallWork


@dataclass(slots=True)
class _Ailment:
    pause: float
    until: float


@dataclass(slots=True)
class Ready:
    """The work at hand; things that fail are put off, longer each time.

    Attributes:
        added: Set when something was added.
    """

    added: threading.Event = field(default_factory=threading.Event)
    _waiting: dict[Work, None] = field(default_factory=dict)
    _busy: set[Work] = field(default_factory=set)
    _once_more: set[Work] = field(default_factory=set)
    _ailing: dict[Work, _Ailment] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def busy(self) -> int:
        """How many things are being done."""
        return len(self._busy)

    @property
    def ailing(self) -> tuple[Work, ...]:
        """What failed and is put off."""
        with self._lock:
            return tuple(self._ailing)

    def add(self, work: Work) -> bool:
        """Add what is not there yet; what is being done is looked at once more afterwards.

        Returns:
            Whether there is more to do now.
        """
        with self._lock:
            ailment = self._ailing.get(work)
            if ailment is not None and ailment.until > time.monotonic():
                return False
            if work in self._busy:
                self._once_more.add(work)
                return False
            if work in self._waiting:
                return False
            self._waiting[work] = None
            self.added.set()
            return True

    def take(self) -> Work | None:
        """Give the next thing to do, which is then being done; None if there is nothing."""
        with self._lock:
            work = next(iter(self._waiting), None)
            if work is not None:
                del self._waiting[work]
                self._busy.add(work)
            return work

    def done(self, work: Work) -> None:
        """Note that something was done."""
        with self._lock:
            self._ailing.pop(work, None)
        self._let_go(work)

    def put_off(self, work: Work) -> float:
        """Note that something failed; gives for how many seconds it is put off."""
        with self._lock:
            before = self._ailing.get(work)
            pause = min(before.pause * 2, _LONGEST) if before else _SHORTEST
            self._ailing[work] = _Ailment(pause, time.monotonic() + pause)
            self._once_more.discard(work)
        self._let_go(work)
        return pause

    def _let_go(self, work: Work) -> None:
        with self._lock:
            self._busy.discard(work)
            again = work in self._once_more
            self._once_more.discard(work)
        if again:
            self.add(work)


_SHORTEST = 1.0
_LONGEST = 300.0
