"""The way from the passes to a model: the cache first, the rest concurrently."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sopc.errors import WorkError
from sopc_compiler.llm.budget import TokenBudget
from sopc_compiler.llm.cache import ReplyCache
from sopc_compiler.llm.crew import run_all
from sopc_compiler.llm.progress import OnProgress
from sopc_compiler.llm.request import Reply, Request
from sopc_compiler.llm.settings import ModelSettings
from sopc_compiler.llm.tally import Tally
from sopc_compiler.llm.turn import turn

if TYPE_CHECKING:
    from sopc_compiler.llm.client import Client
    from sopc_compiler.llm.embedded import EmbeddedServer


@dataclass
class GatewayStats:
    """What a gateway did so far; the tokens are those of calls, not of cached replies."""

    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0


class Gateway:
    """Answers requests; a context manager, because it may run a server of its own.

    A client or server starts with the first request that the cache cannot answer. Every answer
    is in the cache before it is counted, so whatever ends the work, what was done is kept.

    Args:
        settings: The model and how it is asked.
        cache: Where replies are kept; None for the default folder.
        offline: Answer from the cache alone.
        on_progress: Called with a `Progress` in the thread of `ask`.
        budget: Tokens that may be used; made from the settings if None.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        cache: ReplyCache | None = None,
        offline: bool = False,
        on_progress: OnProgress | None = None,
        budget: TokenBudget | None = None,
    ) -> None:
        self.settings = settings
        self.stats = GatewayStats()
        self._cache = cache if cache is not None else ReplyCache()
        self._offline = offline
        self._on_progress = on_progress
        self._budget = budget if budget is not None else TokenBudget(settings.token_budget)
        self._open = ExitStack()
        self._client: Client | None = None
        self._server: EmbeddedServer | None = None
        self._warm: set[str] = set()
        self._tallies: dict[str, Tally] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, traceback)
        self._client = self._server = None

    def ask(self, requests: Sequence[Request]) -> list[Reply]:
        """The replies, in the order of the requests; equal requests are asked once.

        Raises:
            WorkError: Offline and not everything is cached, the budget is spent, or the endpoint
                failed.
            UsageError: There is no model to ask.
            KeyboardInterrupt: At once; running requests are left behind, finished ones kept.
        """
        started = time.monotonic()
        try:
            return self._answer(requests)
        finally:
            self.stats.seconds += time.monotonic() - started

    def _answer(self, requests: Sequence[Request]) -> list[Reply]:
        keys = [self._key(request) for request in requests]
        replies: dict[str, Reply] = {}
        missing: dict[str, Request] = {}
        for key, request in zip(keys, requests, strict=True):
            if key in replies or key in missing:
                continue
            self._tally(request).total += 1
            reply = self._cache.get(key)
            if reply is None:
                missing[key] = request
            else:
                replies[key] = reply
                self._count(request, reply)
        for purpose in {request.purpose: None for request in requests}:
            self._report(purpose)
        if missing:
            self._ask_model(missing, replies)
        return [replies[key] for key in keys]

    def _ask_model(self, missing: dict[str, Request], replies: dict[str, Reply]) -> None:
        if self._offline:
            answers = "1 answer is" if len(missing) == 1 else f"{len(missing)} answers are"
            raise WorkError(
                f"{answers} not in the cache, and `--offline` asks no model",
                hint="`sopc compile` without `--offline` would ask",
            )
        self._budget.check()
        client = self._connect()

        def job(key: str, request: Request) -> Callable[[], tuple[str, Reply]]:
            def answer() -> tuple[str, Reply]:
                self._budget.check()
                with turn() if self.settings.embedded else nullcontext():
                    reply = client.ask(request)
                self._budget.add(reply.prompt_tokens + reply.completion_tokens)
                self._cache.put(key, request, reply, model=self.settings.model)
                return key, reply

            return answer

        for batch in self._batches(missing):
            jobs = [job(key, missing[key]) for key in batch]
            for key, reply in run_all(jobs, workers=self.settings.workers):
                replies[key] = reply
                self._count(missing[key], reply)
                self._report(missing[key].purpose)

    def _batches(self, missing: dict[str, Request]) -> Iterable[list[str]]:
        """Keys that may run together: by common prefix, whose first one is alone if it is new.

        A local server then reads a prefix once, before other requests stand on it.
        """
        if not self.settings.local:
            yield list(missing)
            return
        by_prefix: dict[str, list[str]] = {}
        for key, request in missing.items():
            by_prefix.setdefault(request.messages[0].content, []).append(key)
        for prefix, keys in by_prefix.items():
            known = prefix in self._warm or self._restored(prefix)
            self._warm.add(prefix)
            if known:
                yield keys
                continue
            yield keys[:1]
            if self._server is not None:
                self._server.prefixes.save(prefix)
            if keys[1:]:
                yield keys[1:]

    def _restored(self, prefix: str) -> bool:
        return self._server is not None and self._server.prefixes.restore(prefix)

    def _connect(self) -> "Client":
        if self._client is None:
            from sopc_compiler.llm.client import Client

            if self.settings.embedded:
                from sopc_compiler.llm import embedded

                server = self._open.enter_context(embedded.EmbeddedServer())
                self._server = server
                client = Client(
                    self.settings, base_url=server.base_url, api_key=server.api_key, compact=True
                )
            else:
                client = Client(self.settings)
            self._client = self._open.enter_context(client)
        return self._client

    def _key(self, request: Request) -> str:
        settings = self.settings
        return request.key(
            model=settings.model, temperature=settings.temperature, seed=settings.seed
        )

    def _tally(self, request: Request) -> Tally:
        return self._tallies.setdefault(request.purpose, Tally(request.purpose))

    def _count(self, request: Request, reply: Reply) -> None:
        self._tally(request).add(reply)
        self.stats.requests += 1
        if reply.cached:
            self.stats.cached += 1
        else:
            self.stats.prompt_tokens += reply.prompt_tokens
            self.stats.completion_tokens += reply.completion_tokens

    def _report(self, purpose: str) -> None:
        if self._on_progress is not None:
            self._on_progress(self._tallies[purpose].progress())
