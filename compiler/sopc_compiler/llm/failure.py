"""Failures of an endpoint, told as one error and the change that helps."""

import openai

from sopc.errors import WorkError
from sopc_compiler.llm.settings import ModelSettings


def explain_failure(  # noqa: PLR0911 - one return for each kind of failure
    error: openai.OpenAIError, settings: ModelSettings
) -> WorkError:
    """The error that a user sees for one of the SDK's; it never holds the key."""
    place = f"`{settings.endpoint}`"
    source = settings.sources.get("api_key", "not set")
    match error:
        case openai.APITimeoutError():
            return WorkError(
                f"{place} did not answer within {settings.timeout:g} s",
                hint="raise `--timeout`, lower `--concurrency`, or see whether the server is busy",
            )
        case openai.APIConnectionError():
            return WorkError(
                f"cannot reach {place}: {error.__cause__ or error}",
                hint="start the server, or correct the address "
                f"({settings.sources.get('base_url', 'default')})",
            )
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            # The body often repeats a part of the key: it is not shown.
            return WorkError(
                f"{place} refuses the API key ({source})",
                hint="put the right key into `SOPC_API_KEY`, or name its variable with "
                "`api_key_env` in `sopc.toml`",
            )
        case openai.NotFoundError():
            return WorkError(
                f"{place} does not know the model `{settings.model}`, or the address is wrong: "
                + _told(error, settings),
                hint="correct `--model` or `--base-url`; most addresses end in `/v1`",
            )
        case openai.RateLimitError() if error.code == "insufficient_quota":
            return WorkError(
                f"{place} says that the account's quota is used up",
                hint="raise the quota with the provider, or use the key of another account",
            )
        case openai.RateLimitError():
            return WorkError(
                f"{place} still limits the rate after {settings.retries} retries: "
                + _told(error, settings),
                hint="lower `--concurrency`, or try again later",
            )
        case openai.APIStatusError() if error.status_code >= 500:  # noqa: PLR2004 - HTTP's own
            return WorkError(
                f"{place} failed with status {error.status_code}: {_told(error, settings)}",
                hint="try again later; what was finished is kept",
            )
        case _:
            return WorkError(
                f"{place} refuses the request: {_told(error, settings)}",
                hint="choose another model or endpoint; `sopc model status` shows what is used",
            )


def _told(error: openai.OpenAIError, settings: ModelSettings) -> str:
    """The endpoint's own words, on one line and without the key."""
    body = getattr(error, "body", None)
    told = body.get("message") if isinstance(body, dict) else None
    text = " ".join(str(told or error).split())[:300]
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    return text.replace(key, "***") if key else text
