"""Checking files and folders: what `sopc check` and the language server share."""

from sopc.checking.options import CheckOptions
from sopc.checking.run import check_files

__all__ = ["CheckOptions", "check_files"]
