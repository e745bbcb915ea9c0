"""`sopc lsp` as a program."""

import subprocess
import sys

COMMAND = [sys.executable, "-m", "sopc", "lsp"]


def test_an_editor_that_goes_away_ends_the_server() -> None:
    """Without a word to stdout, which is the protocol's."""
    ended = subprocess.run(COMMAND, input=b"", capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_what_is_no_message_is_passed_over() -> None:
    """Garbage does not end the server before its input ends; the protocol's error is its answer."""
    garbage = b"Content-Length: 3\r\n\r\n{]}" + b"\xff\xfe\r\n"
    ended = subprocess.run(COMMAND, input=garbage, capture_output=True, timeout=60, check=False)
    assert ended.returncode == 0
