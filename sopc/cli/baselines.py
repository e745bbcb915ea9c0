"""Writing baselines, for `sopc check --update-baseline` and `--grow-baseline`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sopc.cli import output
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sopc.checking import CheckOptions


def write_baselines(
    paths: Sequence[Path], options: "CheckOptions", *, shrink: bool, grow: bool
) -> None:
    """Write the baselines that hold for graph files.

    `shrink` takes out what is no longer found in them, `grow` adds whatever is found.

    Raises:
        UsageError: None is named, or one cannot be read or written.
    """
    from sopc.checking import check_run

    run = check_run(paths, options)
    if not run.baselines():
        if run.report().unread:
            return  # which is told in a moment, and no graph was left to hold a baseline
        setting = "`baseline` in the table `[check]` of `sopc.toml`"
        raise UsageError(
            "there is no baseline", hint=f"name it with `--baseline FILE`, or {setting}"
        )
    for old in run.baselines():
        found = run.under(old)
        new = old.shrunk(found, run.judged()) if shrink else old
        new = new.grown(found) if grow else new
        if new.entries == old.entries and old.path.exists():
            output.note(f"`{old.path}` stays as it is")
            continue
        new.save()
        added, gone = len(new.entries - old.entries), len(old.entries - new.entries)
        output.note(f"wrote `{old.path}`: {added} added, {gone} taken out")
