"""What became of the answers when they were applied."""

from dataclasses import dataclass

from sopc_compiler.answers.answer import Answer


@dataclass(frozen=True)
class StaleAnswer:
    """An answer to a passage that is no longer in the prose; `nearest` is what may replace it.

    Attributes:
        answer: The entry, which stays in its file.
        nearest: The words of the most similar passage there is, None if none is similar.
        nearest_hash: That passage's hash.
    """

    answer: Answer
    nearest: str | None = None
    nearest_hash: str | None = None


@dataclass(frozen=True)
class UnusedAnswer:
    """An answer whose passage is there, but not what it speaks of."""

    answer: Answer
    reason: str


@dataclass(frozen=True)
class AnswersReport:
    """Which answers were applied, by id, and which were not."""

    applied: tuple[str, ...] = ()
    stale: tuple[StaleAnswer, ...] = ()
    unused: tuple[UnusedAnswer, ...] = ()
