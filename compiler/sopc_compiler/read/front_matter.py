"""The named values that stand above a text between lines of dashes."""

from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode


def scalars(text: str) -> dict[str, str]:
    """Give the front matter's top-level scalars as written; none if it is not a YAML mapping."""
    try:
        # Composed only: nothing is constructed, and aliases are not expanded.
        root = YAML(typ="safe", pure=True).compose(StringIO(text))
    except (YAMLError, ValueError, RecursionError):
        return {}
    if not isinstance(root, MappingNode):
        return {}
    return {
        key.value: value.value
        for key, value in root.value
        if isinstance(key, ScalarNode) and isinstance(value, ScalarNode)
    }
