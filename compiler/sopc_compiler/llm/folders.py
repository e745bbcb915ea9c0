"""Where sopc keeps what it can make or fetch again."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """The folder of replies, logs and saved prompt states: `SOPC_CACHE_DIR`, or the platform's."""
    chosen = os.environ.get("SOPC_CACHE_DIR")
    return Path(chosen) if chosen else platformdirs.user_cache_path("sopc")


def data_folder() -> Path:
    """The folder of the embedded model's weights: the platform's place for a user's data."""
    return platformdirs.user_data_path("sopc")
