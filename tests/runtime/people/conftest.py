"""The office that tests of people work in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.people.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.engine.dispose()
