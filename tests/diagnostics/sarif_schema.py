"""The SARIF 2.1.0 schema, as a validator."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

_SCHEMA = json.loads(
    Path(__file__).with_name("sarif-schema-2.1.0.json").read_text(encoding="utf-8")
)
_VALIDATOR = Draft4Validator(_SCHEMA, format_checker=Draft4Validator.FORMAT_CHECKER)


def violations(log: Any) -> list[str]:
    """Say where a log is no SARIF, and why."""
    return [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(log)]
