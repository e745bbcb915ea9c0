"""What is shown while a model is asked."""

import io

from sopc_compiler.llm import Progress, progress_reporter

HALF = Progress("extract", 6, 12, 2, 400, 240, 30.0, 95.0)
DONE = Progress("extract", 12, 12, 2, 1000, 600, 90.0, 0.0)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_lines_are_few_and_whole() -> None:
    """Off a terminal a pass ends with one line of counts, and no line comes for every answer."""
    stream = io.StringIO()
    with progress_reporter(stream=stream) as report:
        assert report is not None
        report(HALF)
        report(DONE)

    assert stream.getvalue() == "extract: 12/12, 2 cached, 1000 tokens read, 600 written\n"


def test_a_state_says_the_time_left() -> None:
    """While a pass runs, its state says how long it will take."""
    assert str(HALF).endswith("6/12, 2 cached, 400 tokens read, 240 written, about 1 min 35 s left")


def test_a_terminal_gets_one_bar_for_each_pass() -> None:
    """On a terminal each pass has its bar with the counts."""
    stream = Terminal()
    with progress_reporter(stream=stream) as report:
        assert report is not None
        report(HALF)
        report(DONE)

    assert "12/12" in stream.getvalue()


def test_quiet_shows_nothing() -> None:
    """`--quiet` has no reporter at all."""
    with progress_reporter(quiet=True) as report:
        assert report is None
