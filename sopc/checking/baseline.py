"""The baseline: findings that were there when checking began, and are not told again."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from sopc.diagnostics import Finding
from sopc.diagnostics.report import Scope
from sopc.errors import UsageError

VERSION: Literal[1] = 1


class Entry(BaseModel):
    """One known finding: the graph file, relative to the baseline, and what names the finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    rule: str
    step: str | None = None
    fingerprint: str

    @property
    def sort_key(self) -> tuple[str, str, str, str]:
        """Order entries by file, rule, step and fingerprint."""
        return (self.file, self.rule, self.step or "", self.fingerprint)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    findings: tuple[Entry, ...]


@dataclass(frozen=True)
class Baseline:
    """The known findings, and where they are kept."""

    path: Path
    entries: frozenset[Entry]

    def holds(self, finding: Finding) -> bool:
        """Tell whether a finding is known."""
        return self.entry(finding) in self.entries

    def entry(self, finding: Finding) -> Entry:
        """Give what a finding is known by."""
        place = Path(finding.primary.place.path).resolve()
        return Entry(
            file=Path(os.path.relpath(place, self.path.resolve().parent)).as_posix(),
            rule=finding.code,
            step=finding.step,
            fingerprint=finding.fingerprint,
        )

    def shrunk(self, findings: Iterable[Finding], scopes: Mapping[str, Scope]) -> "Baseline":
        """Leave out what the rules that looked no longer find, and files that are gone.

        Args:
            findings: What was found.
            scopes: The rules that looked at each file; of others nothing can be said.
        """
        found = {self.entry(finding) for finding in findings}
        folder = self.path.resolve().parent
        looked = {Path(file).resolve(): scope.rules for file, scope in scopes.items()}

        def stands(entry: Entry) -> bool:
            file = (folder / entry.file).resolve()
            return entry in found or (file.exists() and entry.rule not in looked.get(file, ()))

        return Baseline(self.path, frozenset(filter(stands, self.entries)))

    def grown(self, findings: Iterable[Finding]) -> "Baseline":
        """Add findings; a file that cannot be read is never known."""
        new = {self.entry(finding) for finding in findings if not finding.unread}
        return Baseline(self.path, self.entries | new)

    def save(self) -> None:
        """Write the file, sorted, an entry a line.

        Raises:
            UsageError: It cannot be written.
        """
        lines = ",\n".join(
            "    " + json.dumps(entry.model_dump(exclude_none=True), ensure_ascii=False)
            for entry in sorted(self.entries, key=lambda each: each.sort_key)
        )
        inside = f"[\n{lines}\n  ]" if lines else "[]"
        text = f'{{\n  "version": {VERSION},\n  "findings": {inside}\n}}\n'
        try:
            self.path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"cannot write baseline `{self.path}`: {reason}") from None


def load_baseline(path: Path, *, missing_is_empty: bool = False) -> Baseline:
    """Load a baseline.

    Raises:
        UsageError: It is not there, or is no baseline.
    """
    if missing_is_empty and not path.exists():
        return Baseline(path, frozenset())
    try:
        content = _File.model_validate_json(path.read_bytes())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"cannot read baseline `{path}`: {reason}",
            hint="`sopc check --baseline FILE --grow-baseline` makes it",
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"`{path}` is no baseline: {where + ': ' if where else ''}{first['msg'].lower()}",
            hint="remove it, and make it anew with `--grow-baseline`",
        ) from None
    return Baseline(path, frozenset(content.findings))
