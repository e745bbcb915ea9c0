"""Finding and loading `organization.yaml`, with exact errors."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from sopc.errors import UsageError
from sopc.graph.document import FileKind, compose, decoded, plain, with_plain_line_ends
from sopc.graph.mistake import problems_of
from sopc.graph.problem import GraphFileError, Problem, UnknownFormatError
from sopc.graph.span import SpanIndex
from sopc.organization.contradiction import contradictions
from sopc.organization.organization import FORMAT, Organization

FILE_NAME = "organization.yaml"

_TOP_MARKS = ("sopc.toml", ".git")
_LARGEST = 5_000_000
_KIND = FileKind("an organization file", "start it with the organization's `name: ...`")


@dataclass(frozen=True)
class LoadedOrganization:
    """An organization with the text it was read from (LF line ends, no BOM) and its places."""

    organization: Organization
    text: str
    spans: SpanIndex


def load_organization(path: Path) -> Organization:
    """Load an organization file.

    Raises:
        GraphFileError: It is no valid organization file; all its mistakes with their places.
        UsageError: It cannot be read, or is larger than 5 MB.
    """
    return read_organization(path).organization


def read_organization(path: Path) -> LoadedOrganization:
    """Load an organization file with the places of what it says; raises as the above does."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read organization file `{path}`: {reason}") from None
    if len(content) > _LARGEST:
        raise UsageError(f"organization file `{path}` is larger than {_LARGEST:,} bytes")
    return _loaded(decoded(content, str(path)), str(path))


def loads_organization(text: str, name: str = "<text>") -> Organization:
    """Load an organization from the text of a file; `name` is what errors call it.

    Raises:
        GraphFileError: The text is no valid organization file; all its mistakes with their places.
    """
    return _loaded(with_plain_line_ends(text), name).organization


def _loaded(text: str, name: str) -> LoadedOrganization:
    if not text.strip():
        raise GraphFileError(name, [Problem(1, 1, "the file is empty", _KIND.start)])
    root = compose(text, name, _KIND)
    spans = SpanIndex(text, root)
    data = plain(root)
    version = data.setdefault("format", FORMAT)
    if version != FORMAT:
        place = spans.find(("format",))
        message = f"expected `format: {FORMAT}`, found `{version}`"
        hint = "this release of sopc reads no other format of organization files"
        problem = Problem(place.line, place.column, message, hint, place.length)
        raise UnknownFormatError(name, [problem])
    try:
        organization = Organization.model_validate(data)
    except ValidationError as error:
        raise GraphFileError(name, problems_of(error, data, spans, Organization)) from None
    problems = []
    for each in contradictions(organization):
        place = spans.find(each.at)
        problems.append(Problem(place.line, place.column, each.message, each.help, place.length))
    if problems:
        raise GraphFileError(name, problems)
    return LoadedOrganization(organization, text, spans)


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
