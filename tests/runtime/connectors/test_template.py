"""Templates: headers and text in Jinja, which values cannot break out of."""

from pathlib import Path
from typing import Any

import pytest

from sopc.graph import Failure
from sopc.organization import Organization, Template
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.connectors.template import Templates


def templates(folder: Path, text: str, file: str = "welcome.txt") -> Templates:
    (folder / file).write_text(text, encoding="utf-8")
    listed = (
        Template(name="welcome", aliases=("welcome mail",), file=file),
        Template(name="board"),
    )
    return Templates(Organization(name="Tidewater", templates=listed), folder)


def failure(folder: Path, text: str, values: dict[str, Any]) -> ConnectorError:
    with pytest.raises(ConnectorError) as told:
        templates(folder, text).message("welcome", values)
    assert told.value.certain
    return told.value


def test_a_message_has_headers_and_a_text(tmp_path: Path) -> None:
    source = "Subject: Welcome, {{ client.name }}\nCc: {{ lead }}\n\nDear {{ client.name }},\nhi!\n"
    values = {"client": {"name": "Ada & Co"}, "lead": "lead@tidewater.example"}
    message = templates(tmp_path, source).message("Welcome mail", values)
    assert message.headers == {"subject": "Welcome, Ada & Co", "cc": "lead@tidewater.example"}
    assert message.body == "Dear Ada & Co,\nhi!\n"
    assert not message.html


def test_a_text_that_begins_with_no_header_is_all_text(tmp_path: Path) -> None:
    message = templates(tmp_path, "Note: {{ a }}\n\nthis too").message("welcome", {"a": 1})
    assert message.headers == {}
    assert message.body == "Note: 1\n\nthis too"


def test_html_escapes_what_it_is_filled_in_with_and_its_subject_does_not(tmp_path: Path) -> None:
    source = "Subject: {{ name }}\n\n<p>{{ name }}</p>"
    message = templates(tmp_path, source, "a.html.j2").message("welcome", {"name": "<b>&"})
    assert message.html
    assert message.body == "<p>&lt;b&gt;&amp;</p>"
    assert message.headers["subject"] == "<b>&"


def test_a_document_is_the_whole_file(tmp_path: Path) -> None:
    found = templates(tmp_path, "Subject: {{ a }}\n\nb\n").document("welcome", {"a": "x"})
    assert found == "Subject: x\n\nb\n"


@pytest.mark.parametrize(
    "value",
    ["{{ 7 * 7 }}", "{% for a in range(9) %}x{% endfor %}", "{{ ''.__class__ }}", "{# gone #}"],
)
def test_values_are_shown_and_never_executed(tmp_path: Path, value: str) -> None:
    source = "Subject: {{ name }}\n\n{{ name }} {{ name | upper }}"
    message = templates(tmp_path, source).message("welcome", {"name": value})
    assert message.headers["subject"] == value
    assert message.body == f"{value} {value.upper()}"


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\r", "\x00", "\u2028", "\x85"])
def test_a_value_cannot_break_out_of_a_header(tmp_path: Path, sign: str) -> None:
    value = f"hello{sign}Bcc: thief@example.com"
    told = failure(tmp_path, "Subject: {{ name }}\n\ntext", {"name": value})
    assert told.failure is Failure.REFUSED
    assert "`subject`" in str(told)


@pytest.mark.parametrize(
    ("text", "values", "missing"),
    [
        ("{{ client }}", {}, "client"),
        ("{{ client }}", {"client": None}, "client"),
        ("{{ client.email }}", {"client": {}}, "email"),
        ("{{ client.email }}", {"client": {"email": None}}, "email"),
        ("{% if client %}a{% endif %}", {}, "client"),
        ("{{ amount | money('USD') }}", {}, "amount"),
        ("{{ day | date }}", {}, "day"),
        ("Subject: {{ client }}\n\ntext", {}, "client"),
    ],
)
def test_a_value_that_is_missing_is_named_with_the_template(
    tmp_path: Path, text: str, values: dict[str, Any], missing: str
) -> None:
    told = failure(tmp_path, text, values)
    assert told.failure is Failure.MISSING_DATA
    assert str(told) == f"template `welcome`: `{missing}` is missing"


def test_what_is_left_out_can_be_asked_for(tmp_path: Path) -> None:
    text = "{% if note is defined %}{{ note }}{% else %}none{% endif %}"
    assert templates(tmp_path, text).document("welcome", {"note": None}) == "none"
    assert templates(tmp_path, text).document("welcome", {"note": "a"}) == "a"


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ client.__init__.__globals__ }}",
        "{{ items.append(1) }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'a'.ljust(999999999) }}",
        "{% for a in range(999999999) %}{% endfor %}",
        "{% for a in range(9999) %}{% for b in range(9999) %}text{% endfor %}{% endfor %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% if %}",
        "{% include '../outside.txt' %}",
        "{{ items[0] }}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_cannot_reach_out_or_grow_without_end(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "outside.txt").write_text("outside", encoding="utf-8")
    told = failure(folder, text, {"client": {}, "items": [None]})
    assert told.failure in {Failure.REFUSED, Failure.MISSING_DATA}
    assert "`welcome`" in str(told)


def test_what_is_not_allowed_is_said(tmp_path: Path) -> None:
    """Not how the program stumbled over it."""
    told = failure(tmp_path, "{{ client.__class__ }}", {"client": "a"})
    assert (
        str(told) == "template `welcome`: access to attribute '__class__' of 'str' object is unsafe"
    )


def test_of_an_object_fields_come_before_methods(tmp_path: Path) -> None:
    found = templates(tmp_path, "{{ order.items }}").document("welcome", {"order": {"items": 3}})
    assert found == "3"


def test_money_days_and_truth_are_written_as_people_write_them(tmp_path: Path) -> None:
    text = "{{ a | money('USD') }}|{{ b | money('JPY') }}|{{ c | date }}|{{ d | date('%H:%M') }}"
    values = {"a": 123456789, "b": 500, "c": "2026-01-31", "d": "2026-01-31T09:30:00+00:00"}
    found = templates(tmp_path, f"{text}|{{{{ true }}}}").document("welcome", values)
    assert found == "1,234,567.89 USD|500 JPY|31 January 2026|09:30|yes"


def test_times_are_shown_by_the_clock_of_the_organization(tmp_path: Path) -> None:
    (tmp_path / "call.txt").write_text("{{ at | date('%A %H:%M %Z') }}", encoding="utf-8")
    listed = (Template(name="call", file="call.txt"),)
    tidewater = Organization(name="T", templates=listed, time_zone="America/Chicago")
    found = Templates(tidewater, tmp_path)
    shown = {
        "2027-01-15T03:00:00Z": "Thursday 21:00 CST",
        "2027-07-01T12:00:00+02:00": "Thursday 05:00 CDT",
        "2027-01-14T09:00:00": "Thursday 09:00 ",
    }
    assert {at: found.document("call", {"at": at}) for at in shown} == shown


def test_templates_of_a_folder_include_each_other(tmp_path: Path) -> None:
    (tmp_path / "footer.txt").write_text("Yours, {{ lead }}", encoding="utf-8")
    found = templates(tmp_path, "Hi.\n{% include 'footer.txt' %}")
    assert found.document("welcome", {"lead": "Lena"}) == "Hi.\nYours, Lena"


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    found = templates(tmp_path, "one")
    assert found.document("welcome", {}) == "one"
    (tmp_path / "welcome.txt").write_text("two", encoding="utf-8")
    assert found.document("welcome", {}) == "two"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("farewell", "the organization file lists no template `farewell`"),
        ("board", "template `board` has no `file`"),
    ],
)
def test_a_template_without_a_text_is_missing_data(tmp_path: Path, name: str, says: str) -> None:
    found = templates(tmp_path, "text")
    with pytest.raises(ConnectorError) as told:
        found.message(name, {})
    assert (told.value.failure, str(told.value)) == (Failure.MISSING_DATA, says)
    assert not found.has_text(name)
    assert found.has_text("welcome")


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    found = templates(tmp_path, "text")
    (tmp_path / "welcome.txt").unlink()
    with pytest.raises(ConnectorError) as told:
        found.message("welcome", {})
    assert told.value.failure is Failure.NOT_FOUND


def test_a_value_of_another_kind_than_a_template_needs_is_refused(tmp_path: Path) -> None:
    assert failure(tmp_path, "{{ a | dictsort }}", {"a": 5}).failure is Failure.REFUSED


def test_large_amounts_are_shown_to_the_last_unit(tmp_path: Path) -> None:
    made = templates(tmp_path, "{{ a | money('USD') }}").message("welcome", {"a": 2**53 + 1})
    assert made.body == "90,071,992,547,409.93 USD"
