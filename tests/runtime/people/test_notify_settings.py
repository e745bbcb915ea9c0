"""The `[notify]` table of `sopc.toml`."""

from pathlib import Path

import pytest

from sopc.errors import UsageError
from sopc_runtime.people.notify_settings import load_notify_settings


def test_settings_are_read_from_the_nearest_file(tmp_path: Path) -> None:
    """Secrets by reference only."""
    (tmp_path / "sopc.toml").write_text(
        "[notify.mail]\nhost = 'mail.example'\nfrom = 'sopc@tidewater.example'\nuser = 'sopc'\n"
        "password = 'env:SMTP_PASSWORD'\n[notify.webhook]\nurl = 'https://hooks.example/'\n"
        "secret = 'env:HOOK'\n"
    )
    inner = tmp_path / "inner"
    inner.mkdir()
    read = load_notify_settings(inner)
    assert read.mail is not None
    assert (read.mail.at, repr(read.mail.password)) == (587, "env:SMTP_PASSWORD")
    assert read.webhook is not None
    assert not read.silent


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[notify]\nsmtp = 1", r"`\[notify\]` has no key `smtp`"),
        ("[notify.mail]\nhost = 'a'", "`notify.mail.from`"),
        ("[notify.webhook]\nurl = 'https://a.example'\nsecret = 'hunter2'", "secret in clear"),
        ("[notify.webhook]\nurl = 'ftp://a'\nsecret = 'env:A'", "no address of the web"),
        ("[notify.webhook]\nurl = 'https://a:b@c.example'\nsecret = 'env:A'", "user or password"),
        ("[notify.mail]\nhost='a'\nfrom='b@c'\nuser='d'", "go together"),
        ("[notify", "not valid TOML"),
    ],
)
def test_settings_that_are_wrong_are_refused(tmp_path: Path, text: str, says: str) -> None:
    """With the key, and never with what it holds."""
    (tmp_path / "sopc.toml").write_text(text)
    with pytest.raises(UsageError, match=says) as refused:
        load_notify_settings(tmp_path)
    assert "hunter2" not in str(refused.value)
