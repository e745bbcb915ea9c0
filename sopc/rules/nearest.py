"""The known name that was probably meant."""

import difflib
from collections.abc import Iterable

_MOST_CHOICES = 12


def meant(name: str, known: Iterable[str], *, kind: str) -> str:
    """Say what to write instead of an unknown name, or what there is to choose from."""
    choices = sorted(set(known))
    near = difflib.get_close_matches(name, choices, n=1)
    if near:
        return f"the nearest known {kind} is `{near[0]}`"
    if not choices:
        return f"the graph has no {kind}s yet; list `{name}` first"
    if len(choices) > _MOST_CHOICES:
        return f"none of the {len(choices)} known {kind}s is called nearly so"
    return f"the known {kind}s are " + ", ".join(f"`{choice}`" for choice in choices)
