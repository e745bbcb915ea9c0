"""Who is at the keyboard."""

from sopc.errors import UsageError

PERSON_VARIABLE = "SOPC_PERSON"
"""Names whoever gives commands, wherever `--by` is left out."""

_LONGEST = 200


def named(name: str | None) -> str | None:
    """Refuse a name that nobody could read, for options: the journal keeps it for good.

    Raises:
        UsageError: It is empty, too long, or holds what cannot be seen.
    """
    if name is None:
        return None
    name = name.strip()
    if not name:
        raise UsageError("`--by` is empty", hint="name the person")
    if len(name) > _LONGEST or not name.isprintable():
        raise UsageError(
            "`--by` is no name", hint=f"it has up to {_LONGEST} letters and signs, on one line"
        )
    return name


def user_name() -> str | None:
    """Give git's user name, else the system's; None where neither is known."""
    import getpass
    import subprocess

    try:
        asked = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 # whichever git the user has
            capture_output=True,
            text=True,
            check=False,
            timeout=5,
        )
        return asked.stdout.strip() or getpass.getuser()
    except (OSError, KeyError, subprocess.SubprocessError):
        return None
