"""The answers file, `NAME.answers.yaml`: loading with exact errors, and adding to it."""

import os
import tempfile
from pathlib import Path

from pydantic import ValidationError

from sopc.errors import UsageError
from sopc.graph.canonical import as_yaml, canonical
from sopc.graph.comment import keep_comments
from sopc.graph.document import FileKind, compose, decoded, plain
from sopc.graph.mistake import problems_of
from sopc.graph.problem import GraphFileError
from sopc.graph.span import SpanIndex
from sopc_compiler.answers.answer import Answer, Answers, AnswersFile

LIMIT_BYTES = 5_000_000
"""Larger answers files are refused."""

_KIND = FileKind("an answers file", "an answers file starts with `format: 1`")


def load_answers(path: Path) -> Answers:
    """Load the answers of a document; a file that is not there holds none.

    Raises:
        GraphFileError: It is no valid answers file; all its mistakes with their places.
        UsageError: It cannot be read, or is larger than 5 MB.
    """
    text = _text(path)
    return Answers(_entries(text, str(path)), path)


def save_answer(answer: Answer, path: Path) -> None:
    """Add an answer to a file, in place of one about the same field of the same passage.

    All other entries and all comments stay; the file is replaced at once or not at all.

    Raises:
        GraphFileError: The file in place is no valid answers file.
        UsageError: It cannot be read or written.
    """
    old = _text(path)
    entries = list(_entries(old, str(path)))
    key = (answer.passage, answer.field)
    same = next((i for i, one in enumerate(entries) if (one.passage, one.field) == key), None)
    if same is None:
        entries.append(answer)
    else:
        entries[same] = answer
    new = as_yaml(canonical(AnswersFile(answers=tuple(entries))))
    _replace(path, keep_comments(old, new, str(path)) if old.strip() else new)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT_BYTES + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read answers file `{path}`: {reason}") from None
    if len(content) > LIMIT_BYTES:
        raise UsageError(f"answers file `{path}` is larger than {LIMIT_BYTES:,} bytes")
    return decoded(content, str(path))


def _entries(text: str, name: str) -> tuple[Answer, ...]:
    if not text.strip():
        return ()
    root = compose(text, name, _KIND)
    data = plain(root)
    try:
        return AnswersFile.model_validate(data).answers
    except ValidationError as error:
        problems = problems_of(error, data, SpanIndex(text, root), AnswersFile)
        raise GraphFileError(name, problems) from None


def _replace(path: Path, text: str) -> None:
    target = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o644)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write answers file `{path}`: {reason}") from None
