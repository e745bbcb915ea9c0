"""Checking again whenever a file changes, for `sopc check --watch`."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sopc.cli import output
from sopc.errors import UsageError

if TYPE_CHECKING:
    from watchfiles import Change

    from sopc.checking import CheckOptions
    from sopc.diagnostics import Report

_TICK = 250
"""Milliseconds between looks at what has changed."""

_CLEARED = "\x1b[2J\x1b[H"


def watched(
    paths: Sequence[Path],
    options: "CheckOptions",
    show: Callable[["Report"], None],
    changes: Callable[..., Iterator[object]] | None = None,
) -> None:
    """Check, wait for a change of the files or of what is around them, and check again.

    Ctrl-C ends it. `changes` gives what changed, again and again, and nothing where nothing did;
    by default watchfiles does.
    """
    from sopc.checking import check_files

    if changes is None:
        from watchfiles import watch

        changes = watch
    folders = sorted({path if path.is_dir() else path.parent for path in paths})
    missing = next((path for path in folders if not path.exists()), None)
    if missing is not None:
        raise UsageError(f"there is no folder `{missing}`")
    # The first of them comes when watching has begun, so that no change is lost before it.
    told = changes(
        *folders,
        watch_filter=_matters,
        raise_interrupt=True,
        rust_timeout=_TICK,
        yield_on_timeout=True,
    )
    try:
        for number, changed in enumerate(told):
            if number and not changed:
                continue
            if number and sys.stdout.isatty():
                sys.stdout.write(_CLEARED)
            _again(lambda: show(check_files(paths, options)))
    except KeyboardInterrupt:
        output.note("stopped watching")


def _again(check: Callable[[], None]) -> None:
    """Check; what cannot be checked now may be right after the next change."""
    try:
        check()
    except UsageError as error:
        output.failure(str(error), hint=error.hint)
    output.note("waiting for changes; Ctrl-C ends it")
    sys.stdout.flush()


def _matters(change: "Change", path: str) -> bool:
    """Leave out hidden files, editors' temporary ones, and whatever is in hidden folders."""
    del change
    name = Path(path).name
    return not name.startswith((".", "#")) and not name.endswith(("~", ".tmp", ".swp"))
