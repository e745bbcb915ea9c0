"""Who is at the keyboard."""

PERSON_VARIABLE = "SOPC_PERSON"
"""Names whoever gives commands, wherever `--by` is left out."""


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
