"""Broken and hostile graph files give findings or errors with places, never a traceback."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sopc.checking import check_files
from sopc.diagnostics import full, json_report

HERE = Path(__file__).parent
TEXTS = [path.read_text() for path in sorted(HERE.glob("catalogue/*/*.sop.yaml"))]

_few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _check(folder: Path, text: str) -> None:
    file = folder / "x.sop.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    report = check_files([file])
    for entry in report.entries():
        assert entry.sort_key[1] >= 1
        assert entry.sort_key[2] >= 1
    assert "\x1b" not in full(report)
    assert json_report(report).endswith("}\n")


@_few
@given(text=st.sampled_from(TEXTS), data=st.data())
def test_lines_dropped_doubled_and_moved(tmp_path: Path, text: str, data: st.DataObject) -> None:
    """What happens to a file in a merge that went wrong."""
    lines = text.splitlines()
    kept = data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=len(lines)))
    order = sorted(kept) if data.draw(st.booleans()) else kept
    _check(tmp_path, "\n".join(lines[index] for index in order))


@_few
@given(text=st.sampled_from(TEXTS), junk=st.text(max_size=12), at=st.floats(0, 1))
def test_any_characters_anywhere(tmp_path: Path, text: str, junk: str, at: float) -> None:
    """Odd Unicode, controls and YAML's own marks, in the middle of anything."""
    place = int(at * len(text))
    _check(tmp_path, text[:place] + junk + text[place:])


@_few
@given(text=st.sampled_from(TEXTS), places=st.lists(st.integers(), min_size=3, max_size=3))
def test_any_numbers_as_places_of_citations(tmp_path: Path, text: str, places: list[int]) -> None:
    """A citation may point anywhere, also far outside of the prose."""
    line, column, length = (abs(number) % 2**40 + 1 for number in places)
    _check(tmp_path, text.replace("line: 3, column: 4,", f"line: {line}, column: {column},"))
    _check(tmp_path, text.replace("length: 26,", f"length: {length},"))
