"""Which file belongs to which: prose, its graph, and the answers about it."""

from difflib import get_close_matches
from pathlib import Path

from sopc.errors import UsageError

GRAPH = ".sop.yaml"
ANSWERS = ".answers.yaml"


def stem(path: Path) -> str:
    """Give the NAME of `NAME.md`, `NAME.sop.yaml` or `NAME.answers.yaml`."""
    for ending in (GRAPH, ANSWERS):
        if path.name.endswith(ending) and path.name != ending:
            return path.name.removesuffix(ending)
    return path.stem


def graph_beside(path: Path) -> Path:
    """Give the graph file of prose."""
    return path.with_name(stem(path) + GRAPH)


def answers_beside(prose: Path) -> Path:
    """Give the answers file of prose; it stands by the prose, wherever the graph goes."""
    return prose.with_name(stem(prose) + ANSWERS)


def graph_of(named: Path) -> Path:
    """Give the graph file that a user means by its own path, that of the prose, or a NAME.

    Raises:
        UsageError: there is no such graph file.
    """
    if named.is_dir():
        inside = [f"`{each}`" for each in sorted(named.glob(f"*{GRAPH}"))]
        hint = f"name what is in it: {', '.join(inside)}" if inside else "it holds none"
        raise UsageError(f"`{named}` is a folder, no graph file", hint=hint)
    candidates = [named] if named.name.endswith(GRAPH) else [graph_beside(named)]
    if not named.suffix:
        candidates.append(named.with_name(named.name + GRAPH))
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise _missing(named, candidates[0])
    return found


def _missing(named: Path, graph: Path) -> UsageError:
    if named.is_file():
        return UsageError(
            f"there is no graph file `{graph}`", hint=f"`sopc compile {named}` makes it"
        )
    there = [each.name for each in named.parent.glob(f"*{GRAPH}")]
    near = get_close_matches(named.name, there, n=1)
    hint = f"did you mean `{named.with_name(near[0])}`" if near else "check the path"
    return UsageError(f"there is no graph file `{named}`", hint=hint)
