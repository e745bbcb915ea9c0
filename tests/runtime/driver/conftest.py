"""The trials of `bench/crash` are importable here as their scripts import each other."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "bench" / "crash"))
