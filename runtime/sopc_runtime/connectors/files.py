"""Connector `files`: folders and files below one folder, as of a share that is mounted here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sopc.graph import DataField, DataType
from sopc.organization import Operation, Organization, System
from sopc_runtime.connectors import file_work, given
from sopc_runtime.connectors.connector import CannotLookUpError, Reply, Request
from sopc_runtime.connectors.folder import Folder, file_name
from sopc_runtime.connectors.settings import Settings, settings_of
from sopc_runtime.connectors.template import Templates

_PATH = DataField(name="path", type=DataType.STRING, description="where, from the folder on")
_NAME = DataField(
    name="name",
    type=DataType.STRING,
    required=False,
    description="a name in `path`, made of data; signs that names cannot have become `-`",
)
_SOURCE = DataField(name="source", type=DataType.STRING, description="what is taken")
_CONTENT = DataField(
    name="content", type=DataType.STRING, required=False, description="the text, or a template's"
)
_DONE = (DataField(name="path", type=DataType.STRING),)

OPERATIONS = (
    Operation(
        name="create_folder",
        description="make a folder, unless it is there",
        inputs=(_PATH, _NAME),
        outputs=_DONE,
        effect="write",
        idempotent=True,
    ),
    Operation(
        name="copy_folder",
        description="copy a folder with all that is in it to where nothing is yet",
        inputs=(_SOURCE, _PATH, _NAME),
        outputs=_DONE,
        effect="write",
    ),
    Operation(
        name="write_file",
        description="write a text to a file, in place of what is there",
        inputs=(_PATH, _NAME, _CONTENT),
        outputs=_DONE,
        effect="write",
        idempotent=True,
    ),
    Operation(
        name="append_line",
        description="add a line at the end of a file",
        inputs=(_PATH, _NAME, _CONTENT),
        outputs=_DONE,
        effect="write",
    ),
    Operation(
        name="read_file",
        description="read the text of a file",
        inputs=(_PATH, _NAME),
        outputs=(DataField(name="content", type=DataType.STRING),),
        effect="read",
        idempotent=True,
    ),
    Operation(
        name="list_folder",
        description="list what is in a folder",
        inputs=(_PATH, _NAME),
        outputs=(DataField(name="names", type=DataType.LIST, items=DataType.STRING),),
        effect="read",
        idempotent=True,
    ),
    Operation(
        name="move",
        description="move or rename a file or folder to where nothing is yet",
        inputs=(_SOURCE, _PATH, _NAME),
        outputs=_DONE,
        effect="write",
    ),
    Operation(
        name="delete",
        description="delete a file or an empty folder, if it is there",
        inputs=(_PATH, _NAME),
        outputs=_DONE,
        effect="delete",
        idempotent=True,
    ),
)
_BY_NAME = {each.name: each for each in OPERATIONS}
_TAKES_CONTENT = frozenset({"write_file", "append_line"})


class FilesSettings(Settings):
    """Where the files are."""

    folder: str
    """the folder that nothing leads out of, relative to the organization file"""


class FilesConnector:
    """Works below one folder."""

    def __init__(self, system: System, organization: Organization, root: Path) -> None:
        self._settings = settings_of(system, FilesSettings)
        self._folder = Folder(root / self._settings.folder)
        self._templates = Templates(organization, root)

    def check(self) -> str:
        """Look whether the folder is there."""
        with file_work.failures(self._settings.folder):
            entries = sum(1 for _ in self._folder.top.iterdir())
        return f"folder `{self._settings.folder}`, {entries} entries"

    def operations(self) -> tuple[Operation, ...]:
        """Give what can be done with files."""
        return OPERATIONS

    def render(self, request: Request) -> dict[str, Any]:
        """Give what would be done, and where."""
        work = self._work(request)
        with file_work.failures(work.path):
            return work.shown()

    def perform(self, request: Request) -> Reply:
        """Do it."""
        work = self._work(request)
        with file_work.failures(work.path):
            return Reply(values=_ACTS[work.operation](work))

    def look_up(self, request: Request) -> Reply | None:
        """Look whether things are as they would be after it."""
        work = self._work(request)
        with file_work.failures(work.path):
            found = _LOOKS.get(work.operation, _cannot_tell)(work)
        return Reply(values={"path": work.path}) if found else None

    def close(self) -> None:
        """Nothing is held."""

    def _work(self, request: Request) -> file_work.FileWork:
        operation = _BY_NAME.get(request.operation or "")
        if operation is None:
            given.refuse(
                f"connector `files` has no operation `{request.operation}`",
                hint=f"it has {', '.join(f'`{name}`' for name in _BY_NAME)}",
            )
        given.known_inputs(request, operation.input_names)
        path = given.text(request, "path")
        name = given.optional_text(request, "name")
        if name is not None:
            made = file_name(name)
            path = made if path in {"/", "."} else f"{path.rstrip('/')}/{made}"
        if path.strip("/") in {"", "."} and operation.name != "list_folder":
            given.refuse(f"`{path}` is the whole folder")
        return file_work.FileWork(
            operation=operation.name,
            folder=self._folder,
            path=path,
            source=given.text(request, "source") if operation.input("source") else None,
            content=self._content(request) if operation.name in _TAKES_CONTENT else None,
        )

    def _content(self, request: Request) -> str:
        content = given.optional_text(request, "content")
        if content is not None:
            return content
        if request.template is None:
            given.missing("content")
        return self._templates.document(request.template, {**request.values, **request.inputs})


def _cannot_tell(work: file_work.FileWork) -> bool:
    raise CannotLookUpError(f"it cannot be seen whether `{work.operation}` happened")


_ACTS: dict[str, Callable[[file_work.FileWork], dict[str, Any]]] = {
    "create_folder": file_work.create_folder,
    "copy_folder": file_work.copy_folder,
    "write_file": file_work.write_file,
    "append_line": file_work.append_line,
    "read_file": file_work.read_file,
    "list_folder": file_work.list_folder,
    "move": file_work.move,
    "delete": file_work.delete,
}
_LOOKS: dict[str, Callable[[file_work.FileWork], bool]] = {
    "create_folder": lambda work: work.target.is_dir(),
    "copy_folder": lambda work: work.target.is_dir(),
    "write_file": lambda work: work.target.is_file() and work.target.read_bytes() == work.bytes,
    "move": lambda work: work.target.exists() and not work.taken.exists(),
    "delete": lambda work: not work.target.exists(),
}
