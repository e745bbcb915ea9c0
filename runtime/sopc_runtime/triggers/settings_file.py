"""Reading the `[triggers]` table, and telling its mistakes at their places."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from sopc.settings import read_settings
from sopc_runtime.triggers.settings import TriggerSettings


def load_trigger_settings(path: Path) -> TriggerSettings:
    """Load the `[triggers]` table of a settings file; nothing of it is set where there is none.

    Raises:
        GraphFileError: The file is no TOML, or the table is not as it should be.
        UsageError: It cannot be read.
    """
    return read_settings(path).table("triggers", TriggerSettings, _said)


def _said(details: ErrorDetails) -> tuple[str, str | None]:  # one for each kind
    place = details["loc"]
    keys = [str(part) for part in place if isinstance(part, str)]
    key = keys[-1] if keys else "triggers"
    match details["type"]:
        case "extra_forbidden":
            known = _keys_of(place)
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean `{near[0]}`" if near else f"known: {_listed(known)}"
            return f"`{_table(place)}` has no key `{key}`", hint
        case "missing":
            return f"`{_table(place)}` needs `{key}`", None
        case "value_error":
            return str(details["ctx"]["error"]), None
        case "secret":
            said = f"`{key}` {details['msg']}"
        case "string_pattern_mismatch" if key.endswith("_pointer"):
            said = f"`{key}` is no JSON Pointer, as `/data/id`"
        case "string_pattern_mismatch":
            said = f"`{key}` is not written as it has to be"
        case "tuple_type":
            said = f"`[triggers.{key}]` has to be written `[[triggers.{key}]]`"
        case "time_delta_parsing" | "time_delta_type":
            said = f"`{key}` is no duration in ISO 8601, as `PT5M`"
        case _:
            said = f"`{key}`: {details['msg'][:1].lower()}{details['msg'][1:]}"
    return said.replace("'", "`"), None


def _table(place: Sequence[int | str]) -> str:
    return f"[[triggers.{place[0]}]]" if len(place) > 1 else "[triggers]"


def _keys_of(place: Sequence[int | str]) -> list[str]:
    if len(place) == 1:
        return list(TriggerSettings.model_fields)
    kind: Any = TriggerSettings.model_fields[str(place[0])].annotation
    return list(kind.__args__[0].model_fields)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
