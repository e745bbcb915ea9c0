"""Settings: what a binding says, read into the record that its connector needs."""

from difflib import get_close_matches
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError
from pydantic_core import ErrorDetails

from sopc.errors import UsageError
from sopc.organization import System
from sopc_runtime.connectors.secret import Secret


class Settings(BaseModel):
    """The settings of every connector; those of one are a model that derives from this."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    timeout: Annotated[float, Field(gt=0, le=3600)] | None = None
    """seconds after which an answer is no longer waited for; 60 unless said"""

    max_concurrent: PositiveInt | None = None
    """how many requests it may be sent at once"""

    per_minute: PositiveInt | None = None
    """how many requests it may be sent within a minute"""

    def within(self, seconds: float) -> float:
        """Give how long to wait for an answer: as asked, and no longer than set."""
        return seconds if self.timeout is None else min(seconds, self.timeout)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets that the settings name."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value for value in values if isinstance(value, Secret))


S = TypeVar("S", bound=Settings)


def settings_of(system: System, model: type[S]) -> S:
    """Read the settings of a system's binding as its connector has them.

    Raises:
        UsageError: The system is not bound, a setting is unknown, missing, or of the wrong form.
    """
    if system.binding is None:
        raise UsageError(f"system `{system.name}` has no binding")
    try:
        return model.model_validate(system.binding.settings)
    except ValidationError as error:
        problems = [_problem(each, model) for each in error.errors(include_url=False)]
        known = ", ".join(f"`{name}`" for name in _names(model))
        raise UsageError(
            f"binding of system `{system.name}`: {'; '.join(problems)}",
            hint=f"settings of connector `{system.binding.connector}`: {known}",
        ) from None


def common_settings(system: System) -> Settings:
    """Read the settings that every connector has, whichever one binds the system.

    Raises:
        UsageError: One of them is of the wrong form.
    """
    if system.binding is None:
        return Settings()
    common = {
        name: value for name, value in system.binding.settings.items() if name in _names(Settings)
    }
    binding = system.binding.model_copy(update={"settings": common})
    return settings_of(system.model_copy(update={"binding": binding}), Settings)


def _names(model: type[Settings]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _problem(error: ErrorDetails, model: type[Settings]) -> str:
    # What a setting holds may be a secret in the wrong place, so values are not shown.
    name = str(error["loc"][0]) if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            near = get_close_matches(name, _names(model), n=1)
            nearest = f"; the nearest that it knows is `{near[0]}`" if near else ""
            return f"setting `{name}` is unknown{nearest}"
        case "missing":
            return f"setting `{name}` is missing"
        case "value_error":
            says = error["msg"].removeprefix("Value error, ")
            return f"setting `{name}`: {says}" if name else says
        case "secret" | "text":
            return f"setting `{name}` {error['msg']}"
        case _:
            says = error["msg"][:1].lower() + error["msg"][1:]
            return f"setting `{name}`: {says}"
