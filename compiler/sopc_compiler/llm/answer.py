"""Reading a model's text as JSON that fits a schema."""

import json
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from sopc_compiler.llm.dialect import Level


class UnfitAnswerError(Exception):
    """The text is no JSON, or JSON that does not fit; the message tells the model what is wrong."""


def read_answer(text: str, schema: Mapping[str, Any], level: Level) -> Any:
    """The JSON value of a model's `text`.

    Models that are only told to write JSON put it into a fence or a sentence: at level `prompt`
    what surrounds the first object is passed over.

    Raises:
        UnfitAnswerError: There is no JSON, or it does not fit `schema`.
    """
    start = max(text.find("{"), 0) if level == "prompt" else 0
    try:
        if level == "prompt":
            data, _ = json.JSONDecoder().raw_decode(text, start)
        else:
            data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnfitAnswerError(f"it is not valid JSON: {error}") from None
    fault = best_match(Draft202012Validator(schema).iter_errors(data))
    if fault is not None:
        raise UnfitAnswerError(f"at {fault.json_path}: {fault.message}")
    return data
