"""The `[triggers]` table: what is wrong is told at its place, in words."""

from pathlib import Path

import pytest

from sopc.errors import UsageError
from sopc.settings import find_settings
from sopc_runtime.triggers.settings import at_pointer
from sopc_runtime.triggers.settings_file import load_trigger_settings

GOOD = """\
[check]
fail-on = "warning"

[[triggers.webhook]]
system = "zendesk"
secret = "env:ZENDESK_SECRET"
scheme = "token"

[[triggers.webhook]]
system = "stripe"
secret = ["env:NEW", "env:OLD"]
scheme = "stripe"
tolerance = "PT10M"

[[triggers.schedule]]
procedure = "reports"
catch_up = "all"
"""


def test_a_table_is_read_and_the_rest_of_the_file_is_left_alone(tmp_path: Path) -> None:
    """What is not set has its default."""
    path = tmp_path / "sopc.toml"
    path.write_text(GOOD, encoding="utf-8")
    settings = load_trigger_settings(path)
    first, second = settings.webhook
    assert (first.tolerance.total_seconds(), second.tolerance.total_seconds()) == (300, 600)
    assert [each.variable for each in second.secret] == ["NEW", "OLD"]
    assert find_settings(tmp_path) == path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"env:ZENDESK_SECRET"', '"hunter2"', "6:1: `secret` holds a secret in clear"),
        ('scheme = "token"', 'schema = "token"', "4:12: `[[triggers.webhook]]` needs `scheme`"),
        ('scheme = "stripe"', 'scheme = "strip"', "12:1: `scheme`: input should be `hmac-sha256`"),
        ('"PT10M"', '"10 minutes"', "13:1: `tolerance` is no duration in ISO 8601"),
        ("tolerance", "id_header = 'X-Id'\ntolerance", "9:12: `id_header` is not signed"),
        ('"stripe"\nsecret', '"zendesk"\nsecret', "4:3: there are two `[[triggers.webhook]]`"),
        ("[[triggers.schedule]]", "[[triggers.clock]]", "15:12: `[triggers]` has no key `clock`"),
        ('"all"', '"every"', "17:1: `catch_up`: input should be `skip`, `last` or `all`"),
        ("tolerance", "id_pointer = 'id'\ntolerance", "13:1: `id_pointer` is no JSON Pointer"),
        ("[check]", "[check", "1:7: not valid TOML"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    """And no message shows a value that may be a secret."""
    path = tmp_path / "sopc.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_trigger_settings(path)
    assert f"sopc.toml:{message}" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/a/b", 1),
        ("/list/1/x", 2),
        ("/o~1p", 3),
        ("/list/7", None),
        ("/a/b/c", None),
        ("/list/-1", None),
        (None, {"a": {"b": 1}, "list": [0, {"x": 2}], "o/p": 3}),
    ],
)
def test_a_pointer_gives_what_stands_there_or_nothing(pointer: str | None, value: object) -> None:
    """As RFC 6901 has it."""
    data = {"a": {"b": 1}, "list": [0, {"x": 2}], "o/p": 3}
    assert at_pointer(data, pointer) == value
