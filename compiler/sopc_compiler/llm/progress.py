"""How far the questions to the model are, told on stderr while they run."""

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of one pass's questions.

    Attributes:
        purpose: The pass.
        done: Questions answered, from the cache or by the model.
        total: Questions of the pass.
        cached: How many of `done` came from the cache.
        prompt_tokens: Tokens that the model read for the pass, this run.
        completion_tokens: Tokens that it wrote.
        elapsed: Seconds since the pass began to ask.
        eta: Seconds until it will be done; None while unknown.
    """

    purpose: str
    done: int
    total: int
    cached: int
    prompt_tokens: int
    completion_tokens: int
    elapsed: float
    eta: float | None

    def __str__(self) -> str:
        parts = [f"{self.purpose}: {self.done}/{self.total}", f"{self.cached} cached"]
        if self.prompt_tokens or self.completion_tokens:
            parts.append(f"{self.prompt_tokens} tokens read, {self.completion_tokens} written")
        if self.eta:
            parts.append(f"about {_duration(self.eta)} left")
        return ", ".join(parts)


OnProgress = Callable[[Progress], None]


def progress_reporter(
    *, quiet: bool = False, stream: TextIO | None = None
) -> AbstractContextManager[OnProgress | None]:
    """What `Gateway(on_progress=...)` takes: bars on a terminal, else lines now and then.

    Args:
        quiet: Nothing at all.
        stream: stderr unless given.
    """
    stream = sys.stderr if stream is None else stream
    if quiet:
        return nullcontext()
    return _BarReporter(stream) if stream.isatty() else nullcontext(_LineReporter(stream))


class _LineReporter:
    """One line when a pass is done, and one every few seconds before."""

    def __init__(self, stream: TextIO, every: float = 10.0) -> None:
        self._stream = stream
        self._every = every
        self._last = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.done < progress.total and now - self._last < self._every:
            return
        self._last = now
        self._stream.write(f"{progress}\n")
        self._stream.flush()


class _BarReporter:
    """One bar for each pass, on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            console=Console(file=stream),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def __call__(self, progress: Progress) -> None:
        name = progress.purpose
        note = str(progress).partition(", ")[2]
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, note=note)
        self._bars.update(
            self._tasks[name], completed=progress.done, total=progress.total, note=note
        )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
