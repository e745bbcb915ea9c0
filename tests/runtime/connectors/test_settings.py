"""Settings of bindings, and the secrets that they name."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from sopc.errors import UsageError
from sopc.graph import Failure
from sopc.organization import Binding, System
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.connectors.secret import Secret, SecretOrText, masked, masked_values, revealed
from sopc_runtime.connectors.settings import Settings, common_settings, settings_of

VALUE = 'p&ss "wörd"/+'


class Mailbox(Settings):
    """Settings of some connector."""

    host: str
    """where it is"""

    user: SecretOrText | None = None
    """whose it is"""

    password: Secret | None = None
    """what opens it"""


def system(**settings: Any) -> System:
    return System(id="post", name="Post", binding=Binding(connector="mail", settings=settings))


def test_settings_are_read_as_the_connector_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets stay names until they are used."""
    said = {"host": "a", "user": "ana", "password": "env:PASS", "timeout": 5, "max_concurrent": 2}
    read = settings_of(system(**said), Mailbox)
    assert read == Mailbox(
        host="a", user="ana", password=Secret("PASS"), timeout=5.0, max_concurrent=2
    )
    monkeypatch.setenv("PASS", VALUE)
    assert read.password is not None
    assert read.password.reveal() == VALUE
    assert VALUE not in repr(read) + str(read.model_dump()) + read.model_dump_json()
    assert read.secrets == (Secret("PASS"),)


def test_what_may_stand_in_clear_may_also_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER_NAME", "ana")
    read = settings_of(system(host="a", user="env:USER_NAME"), Mailbox)
    assert read.user is not None
    assert (revealed(read.user), revealed("bob")) == ("ana", "bob")
    assert read.secrets == (Secret("USER_NAME"),)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "setting `host` is missing"),
        (
            {"host": "a", "pasword": "x9"},
            "`pasword` is unknown; the nearest that it knows is `password`",
        ),
        ({"host": "a", "zzz": "x9"}, "setting `zzz` is unknown"),
        ({"host": "a", "password": "x9"}, "setting `password` holds a secret in clear"),
        ({"host": "a", "password": "env:"}, "setting `password` holds a secret in clear"),
        ({"host": "a", "user": 9}, "setting `user` is no text"),
        ({"host": True}, "setting `host`: input should be a valid string"),
        ({"host": "a", "timeout": 0}, "setting `timeout`: input should be greater than 0"),
        ({"host": "a", "per_minute": -1}, "setting `per_minute`: input should be greater than 0"),
        ({"timeout": 0}, "`timeout`: input should be greater than 0; setting `host` is missing"),
    ],
)
def test_wrong_settings_name_the_system_and_the_setting(
    settings: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError) as told:
        settings_of(system(**settings), Mailbox)
    assert str(told.value).startswith("binding of system `Post`: ")
    assert says in str(told.value)
    assert told.value.hint == (
        "settings of connector `mail`: `timeout`, `max_concurrent`, `per_minute`, `host`, `user`, "
        "`password`"
    )
    assert "x9" not in str(told.value)


def test_a_system_without_a_binding_has_no_settings() -> None:
    with pytest.raises(UsageError, match="`Post` has no binding"):
        settings_of(System(id="post", name="Post"), Mailbox)
    assert common_settings(System(id="post", name="Post")) == Settings()


def test_common_settings_are_read_beside_any_others() -> None:
    read = common_settings(system(host="a", anything=1, per_minute=30))
    assert read == Settings(per_minute=30)
    with pytest.raises(UsageError, match="`max_concurrent`"):
        common_settings(system(max_concurrent="many"))


@pytest.mark.parametrize(("set_to", "asked", "waits"), [(None, 60, 60), (5, 60, 5), (90, 60, 60)])
def test_the_settings_only_shorten_the_time(
    set_to: float | None, asked: float, waits: float
) -> None:
    assert Settings(timeout=set_to).within(asked) == waits


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_not_set_is_named(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("PASS", raising=False)
    if value is not None:
        monkeypatch.setenv("PASS", value)
    with pytest.raises(ConnectorError) as told:
        Secret("PASS").reveal()
    assert (told.value.failure, told.value.certain) == (Failure.REFUSED, True)
    assert str(told.value) == "environment variable `PASS` is not set"


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        quote(VALUE, safe=""),
        quote(VALUE, safe="").replace("%20", "+"),
        json.dumps(VALUE)[1:-1],
        base64.b64encode(VALUE.encode()).decode(),
    ],
)
def test_secrets_are_masked_in_every_form(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setenv("PASS", VALUE)
    assert masked(f"a {form} b", [Secret("PASS")]) == "a *** b"
    assert masked_values({f"k{form}": [form, {"x": 1, "y": None}]}, [Secret("PASS")]) == {
        "k***": ["***", {"x": 1, "y": None}]
    }


def test_a_secret_within_another_is_masked_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHORT", "abc")
    monkeypatch.setenv("LONG", "abcdef")
    secrets = [Secret("SHORT"), Secret("LONG"), Secret("NOT_SET")]
    assert masked("abcdef abc", secrets, also=["ghi"]) == "*** ***"
    assert masked("ghi", secrets, also=["ghi"]) == "***"
