"""Running jobs in a few threads that never keep the program from ending."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    result: T


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


class _Left:
    """A thread has ended."""


def run_all(jobs: Sequence[Callable[[], T]], *, workers: int) -> Iterator[T]:
    """The jobs' results as they come, at most `workers` at a time.

    The first failure stops what has not begun, and is raised when the running jobs have ended.
    Leaving early (an interrupt, a closed iterator) stops what has not begun and waits for nothing:
    the threads are daemons, unlike those of `concurrent.futures`, which are joined at exit.
    """
    waiting: queue.SimpleQueue[Callable[[], T]] = queue.SimpleQueue()
    events: queue.SimpleQueue[_Done[T] | _Failed | _Left] = queue.SimpleQueue()
    stop = threading.Event()
    for job in jobs:
        waiting.put(job)

    def work() -> None:
        _work(waiting, events, stop)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(workers, len(jobs)))]
    failure: Exception | None = None
    try:
        for thread in threads:
            thread.start()
        running = len(threads)
        while running:
            match events.get():
                case _Done(result):
                    yield result
                case _Failed(error):
                    failure = failure or error
                case _Left():
                    running -= 1
    finally:
        stop.set()
    if failure is not None:
        raise failure


def _work(
    waiting: "queue.SimpleQueue[Callable[[], T]]",
    events: "queue.SimpleQueue[_Done[T] | _Failed | _Left]",
    stop: threading.Event,
) -> None:
    while not stop.is_set():
        try:
            job = waiting.get_nowait()
        except queue.Empty:
            break
        try:
            events.put(_Done(job()))
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            events.put(_Failed(error))
            stop.set()
    events.put(_Left())
