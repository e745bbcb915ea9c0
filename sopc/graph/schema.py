"""The graph file's JSON Schema, for editors and other programs."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from sopc.graph.procedure import FORMAT, StepGraph


class _WithoutFieldTitles(GenerateJsonSchema):
    """Leaves out titles that only repeat the keys."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's hook
        return False


def graph_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of `NAME.sop.yaml`.

    Where a value is of one of several kinds, each kind's `kind` is required and constant, so that
    an editor can tell which one is meant.
    """
    schema = StepGraph.model_json_schema(schema_generator=_WithoutFieldTitles)
    for record in schema["$defs"].values():
        if "const" in record.get("properties", {}).get("kind", {}):
            record["required"] = ["kind", *record.get("required", ())]
    schema["required"] = ["format", *schema["required"]]
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:sopc:graph:{FORMAT}",
        **schema,
        "title": f"sopc step graph, format {FORMAT}",
    }
