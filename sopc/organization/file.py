"""Finding and loading `organization.yaml`, with exact errors."""

from pathlib import Path

from pydantic import ValidationError

from sopc.errors import UsageError
from sopc.graph.document import compose, decoded, plain
from sopc.graph.mistake import problems_of
from sopc.graph.problem import GraphFileError, Problem
from sopc.graph.span import SpanIndex
from sopc.organization.contradiction import contradictions
from sopc.organization.organization import FORMAT, Organization

FILE_NAME = "organization.yaml"

_TOP_MARKS = ("sopc.toml", ".git")
_LARGEST = 5_000_000


def load_organization(path: Path) -> Organization:
    """Load an organization file.

    Raises:
        GraphFileError: It is no valid organization file; all its mistakes with their places.
        UsageError: It cannot be read, or is larger than 5 MB.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read organization file `{path}`: {reason}") from None
    if len(content) > _LARGEST:
        raise UsageError(f"organization file `{path}` is larger than {_LARGEST:,} bytes")
    return loads_organization(decoded(content, str(path)), str(path))


def loads_organization(text: str, name: str = "<text>") -> Organization:
    """Load an organization from the text of a file; `name` is what errors call it.

    Raises:
        GraphFileError: It is no valid organization file; all its mistakes with their places.
    """
    if not text.strip():
        hint = "start it with the organization's `name: ...`"
        raise GraphFileError(name, [Problem(1, 1, "the file is empty", hint)])
    root = compose(text, name)
    spans = SpanIndex(text, root)
    data = plain(root)
    version = data.setdefault("format", FORMAT)
    if version != FORMAT:
        place = spans.find(("format",))
        message = f"expected `format: {FORMAT}`, found `{version}`"
        hint = "this release of sopc reads no other format of organization files"
        raise GraphFileError(name, [Problem(place.line, place.column, message, hint, place.length)])
    try:
        organization = Organization.model_validate(data)
    except ValidationError as error:
        raise GraphFileError(name, problems_of(error, data, spans)) from None
    problems = []
    for contradiction in contradictions(organization):
        place = spans.find(contradiction.at)
        problems.append(
            Problem(place.line, place.column, contradiction.message, None, place.length)
        )
    if problems:
        raise GraphFileError(name, problems)
    return organization


def find_organization(start: Path) -> Path | None:
    """Look for the organization file that holds for the files of a folder.

    Looks in the folder, then upwards, as far as the folder with a `sopc.toml` or a repository's
    top; only in the folder itself if there is neither above it.
    """
    folders = [start.resolve(), *start.resolve().parents]
    tops = (
        index
        for index, folder in enumerate(folders)
        if any((folder / mark).exists() for mark in _TOP_MARKS)
    )
    for folder in folders[: next(tops, 0) + 1]:
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None
