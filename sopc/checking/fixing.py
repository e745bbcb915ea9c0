"""Mending graph files by the fixes that findings offer."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sopc.checking.options import CheckOptions
from sopc.checking.run import CheckRun
from sopc.diagnostics import Finding, applied
from sopc.errors import UsageError
from sopc.graph.document import decoded
from sopc.graph.file import load_graph, loads_graph, replace_file
from sopc.graph.problem import GraphFileError

_MOST_ROUNDS = 20
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Mended:
    """A file that fixes change.

    Attributes:
        path: The file.
        before: Its text, with LF line ends.
        after: The text with all fixes.
        findings: What was mended.
    """

    path: Path
    before: str
    after: str
    findings: tuple[Finding, ...]

    def diff(self) -> str:
        """Give the change as a unified diff."""
        shown = self.path.as_posix()
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{shown}",
            f"b/{shown}",
        )
        ended = (
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )
        return "".join(ended)

    def write(self) -> None:
        """Write the file, with the line ends that it had.

        Raises:
            UsageError: It cannot be written, or somebody has changed it since it was read.
        """
        try:
            old = self.path.read_bytes()
            if decoded(old, str(self.path)) != self.before:
                raise UsageError(
                    f"`{self.path}` has changed while it was mended",
                    hint="it is left as it is; run the same command again",
                )
            text = self.after.replace("\n", "\r\n") if b"\r\n" in old else self.after
            content = (_BOM if old.startswith(_BOM) else b"") + text.encode()
            replace_file(self.path.resolve(), content)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"cannot write graph file `{self.path}`: {reason}") from None


def mend_files(
    paths: Iterable[Path], options: CheckOptions, *, unsafe: bool = False
) -> Iterator[Mended]:
    """Mend graph files in memory, those that nothing changes left out.

    Fixes may make room for others, so rules look again until there is nothing more to mend.
    A file that cannot be read is left alone, and so is one whose settings or organization file
    cannot. `unsafe` takes the fixes that are guesses too.
    """
    for path in paths:
        try:
            before = load_graph(path).text
        except UsageError:
            continue
        after, findings = mended_text(path, before, options, unsafe=unsafe)
        if after != before:
            yield Mended(path, before, after, tuple(findings))


def mended_text(
    path: Path,
    text: str,
    options: CheckOptions,
    *,
    unsafe: bool = False,
    unsaved: Mapping[Path, str] | None = None,
) -> tuple[str, list[Finding]]:
    """Give the text of a graph file with all fixes, and what they mend.

    `unsaved` holds what an editor has of other files, as `CheckRun` takes it.
    """
    done: list[Finding] = []
    tried: set[str] = set()
    for _ in range(_MOST_ROUNDS):
        offered = [
            finding
            for finding in _findings(path, text, options, unsaved or {})
            if finding.fix is not None
            and (finding.fix.safe or unsafe)
            and finding.fingerprint not in tried
        ]
        if not offered:
            break
        text, mended = _applied(path, text, offered)
        if not mended:
            break
        done += mended
        # A fix that did not mend its finding is not tried again.
        tried |= {finding.fingerprint for finding in mended}
    return text, done


def _findings(
    path: Path, text: str, options: CheckOptions, unsaved: Mapping[Path, str]
) -> tuple[Finding, ...]:
    run = CheckRun(options, unsaved)
    run.check_loaded(loads_graph(text, str(path)), path)
    report = run.report()
    return () if report.unread else report.findings


def _applied(path: Path, text: str, offered: list[Finding]) -> tuple[str, list[Finding]]:
    """Apply all fixes at once or, if the file then cannot be read, those that leave it readable."""
    together = _tried(path, text, offered)
    if together is not None:
        return together
    for finding in offered:
        alone = _tried(path, text, [finding])
        if alone is not None:
            return alone
    return text, []


def _tried(path: Path, text: str, offered: list[Finding]) -> tuple[str, list[Finding]] | None:
    fixes = [finding.fix for finding in offered if finding.fix is not None]
    changed, done = applied(text, fixes)
    try:
        loads_graph(changed, str(path))
    except GraphFileError:
        return None
    return changed, [finding for finding in offered if finding.fix in done]
