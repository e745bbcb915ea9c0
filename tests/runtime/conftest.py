"""What tests of several parts of the runtime need."""

import gc
import warnings
from collections.abc import Iterator

import pytest
from crash_cluster import Server, cluster


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Start a PostgreSQL server, which one module has to itself."""
    with cluster() as server:
        if server is None:
            pytest.skip("PostgreSQL is not installed")
        yield server
    # A connection that the server cut is not to be heard of in a later test.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
