"""Places are turned into an editor's positions and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, PositionEncodingKind, Range
from pygls.workspace.position_codec import PositionCodec

from sopc.diagnostics import Place
from sopc.language_server.position import Positions

ENCODINGS = [*PositionEncodingKind]
TEXTS = st.text(
    st.sampled_from("ab \n\r\t\u2028\x0cé語🙂\U0010ffff") | st.characters(codec="utf-8"),
    max_size=60,
)


@given(TEXTS, st.sampled_from(ENCODINGS), st.data())
def test_an_offset_comes_back_from_its_position(
    text: str, encoding: PositionEncodingKind, data: st.DataObject
) -> None:
    """All but the offset inside a Windows line end, which no editor has a position for."""
    offset = data.draw(st.integers(0, len(text)))
    positions = Positions(text, encoding)
    found = positions.offset(positions.at(offset))
    inside = text[max(offset - 1, 0) : offset + 1] == "\r\n"
    assert found == (offset - 1 if inside else offset)


@given(TEXTS, st.sampled_from(ENCODINGS), st.data())
def test_positions_are_those_that_the_protocol_counts(
    text: str, encoding: PositionEncodingKind, data: st.DataObject
) -> None:
    """As pygls counts them, on lines that end as the protocol says."""
    offset = data.draw(st.integers(0, len(text)))
    at = Positions(text, encoding).at(offset)
    lines = re.split("\r\n|\r|\n", text)
    column = len(re.split("\r\n|\r|\n", text[:offset])[-1])
    if text[:offset].endswith("\r") and text[offset:].startswith("\n"):
        return
    assert at.line == len(re.split("\r\n|\r|\n", text[:offset])) - 1
    codec = PositionCodec(encoding)
    assert at == codec.position_to_client_units(lines, Position(at.line, column))


@given(
    TEXTS,
    st.sampled_from(ENCODINGS),
    st.integers(0, 2**31 - 1) | st.integers(0, 9),
    st.integers(0, 2**31 - 1) | st.integers(0, 9),
)
def test_every_position_is_somewhere_in_the_text(
    text: str, encoding: PositionEncodingKind, line: int, character: int
) -> None:
    """An editor may ask for what is not there; it is taken for the nearest place before."""
    positions = Positions(text, encoding)
    found = positions.at(positions.offset(Position(line, character)))
    assert (found.line, found.character) <= (line, character)


@given(
    TEXTS,
    st.sampled_from(ENCODINGS),
    st.integers(1, 12),
    st.integers(1, 12),
    st.integers(0, 70),
)
def test_every_place_has_a_range_in_the_text(
    text: str, encoding: PositionEncodingKind, line: int, column: int, length: int
) -> None:
    """A place that the text has not gives a range that begins no later than it ends."""
    positions = Positions(text, encoding)
    found = positions.range(Place("a", line, column, length))
    start, end = positions.offset(found.start), positions.offset(found.end)
    assert 0 <= start <= end <= len(text)


@pytest.mark.parametrize(
    ("encoding", "start", "end"),
    [
        (PositionEncodingKind.Utf16, 4, 7),
        (PositionEncodingKind.Utf8, 8, 14),
        (PositionEncodingKind.Utf32, 3, 5),
    ],
)
def test_a_place_behind_an_emoji(encoding: PositionEncodingKind, start: int, end: int) -> None:
    """The place of `é🙂` in a line, in each of the three ways to count."""
    positions = Positions("first\r\n語🙂 é🙂\n", encoding)
    assert positions.range(Place("a", 2, 4, 2)) == Range(Position(1, start), Position(1, end))


def test_half_an_emoji_is_counted_as_one_unit() -> None:
    """Editors can send lone surrogates; they must not end anything."""
    assert Positions("\ud83dx", PositionEncodingKind.Utf16).at(2) == Position(0, 2)
