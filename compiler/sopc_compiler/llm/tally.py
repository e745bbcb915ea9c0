"""Counting one pass's questions, for its progress."""

import time
from dataclasses import dataclass, field

from sopc_compiler.llm.progress import Progress
from sopc_compiler.llm.request import Reply


@dataclass
class Tally:
    """What is done of one purpose's questions; grows when the pass asks again."""

    purpose: str
    total: int = 0
    done: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    started: float = field(default_factory=time.monotonic)

    def add(self, reply: Reply) -> None:
        """Count one answer."""
        self.done += 1
        if reply.cached:
            self.cached += 1
        else:
            self.prompt_tokens += reply.prompt_tokens
            self.completion_tokens += reply.completion_tokens

    def progress(self) -> Progress:
        """The state now; the time left goes by the mean of the answers that were not cached."""
        elapsed = time.monotonic() - self.started
        asked, left = self.done - self.cached, self.total - self.done
        return Progress(
            purpose=self.purpose,
            done=self.done,
            total=self.total,
            cached=self.cached,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            elapsed=elapsed,
            eta=elapsed / asked * left if asked else None,
        )
