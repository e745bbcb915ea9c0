"""The trials of `bench/crash` are importable here as their scripts import each other."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.driver.driven import Systems, database

sys.path.insert(0, str(Path(__file__).parents[3] / "bench" / "crash"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = database(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def systems() -> Systems:
    return Systems()
