"""One question to an OpenAI-compatible endpoint: asked, checked, repaired once."""

import threading
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import openai
from openai.types.chat import ChatCompletion

from sopc.errors import WorkError
from sopc_compiler.llm.answer import UnfitAnswerError, read_answer
from sopc_compiler.llm.dialect import Dialect, Level
from sopc_compiler.llm.failure import explain_failure
from sopc_compiler.llm.request import Finish, Message, Reply, Request
from sopc_compiler.llm.settings import ModelSettings


class Client:
    """Asks one endpoint, from any thread; remembers how it wants to be asked.

    Refusals that may pass (408, 409, 429, 5xx, lost connections) are sent again by the SDK, which
    backs off exponentially with jitter and obeys `Retry-After`.

    Args:
        settings: Key, model, time-out and manner.
        base_url: Where the model answers, if it is not `settings.base_url`.
        compact: Whether the endpoint is a llama.cpp that takes grammars.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        compact: bool = False,
    ) -> None:
        self._settings = settings
        key = settings.api_key.get_secret_value() if settings.api_key else "none"
        self._openai = openai.OpenAI(
            base_url=base_url or settings.base_url,
            api_key=api_key or key,
            timeout=settings.timeout,
            max_retries=settings.retries,
        )
        chosen = settings.structured
        best: Level = "grammar" if compact else "schema"
        self._dialect = Dialect(level=best if chosen == "auto" else chosen)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._openai.close()

    @property
    def dialect(self) -> Dialect:
        """How the endpoint is asked at present."""
        return self._dialect

    def ask(self, request: Request) -> Reply:
        """The endpoint's answer, checked against the request's schema.

        Raises:
            WorkError: The endpoint cannot be reached, refuses, or keeps failing.
        """
        reply, fault = self._try(request)
        if fault is None:
            return reply
        told = f"That answer is wrong: {fault}. Write the corrected JSON object, and nothing else."
        repair = replace(
            request,
            messages=(
                *request.messages,
                Message("assistant", reply.raw),
                Message("user", told),
            ),
        )
        second, _ = self._try(repair)
        return replace(
            second,
            prompt_tokens=reply.prompt_tokens + second.prompt_tokens,
            completion_tokens=reply.completion_tokens + second.completion_tokens,
        )

    def _try(self, request: Request) -> tuple[Reply, str | None]:
        """One answer and what is wrong with it, if a repair may help."""
        completion, level = self._complete(request)
        choice = completion.choices[0]
        raw = choice.message.content or ""
        data: Any = None
        fault: str | None = None
        finish: Finish = "stop"
        if choice.finish_reason == "length":
            finish = "length"
        else:
            try:
                data = read_answer(raw, request.schema, level)
            except UnfitAnswerError as error:
                finish, fault = "invalid", str(error)
        usage = completion.usage
        reply = Reply(
            data=data,
            raw=raw,
            prompt_tokens=usage.prompt_tokens if usage else 0,
            completion_tokens=usage.completion_tokens if usage else 0,
            cached=False,
            finish=finish,
        )
        return reply, fault

    def _complete(self, request: Request) -> tuple[ChatCompletion, Level]:
        while True:
            dialect = self._dialect
            body = dialect.parameters(
                request, temperature=self._settings.temperature, seed=self._settings.seed
            )
            try:
                completion = self._openai.chat.completions.create(
                    model=self._settings.model, **body
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                other = dialect.after_refusal(
                    str(error), fixed_level=self._settings.structured != "auto"
                )
                if other is None:
                    raise explain_failure(error, self._settings) from None
                with self._lock:
                    if self._dialect == dialect:  # else another thread has learned it already
                        self._dialect = other
            except openai.OpenAIError as error:
                raise explain_failure(error, self._settings) from None
            else:
                if completion.choices:
                    return completion, dialect.level
                raise WorkError(
                    f"`{self._settings.endpoint}` answered without any choice",
                    hint="see whether it is an OpenAI-compatible chat endpoint",
                )
