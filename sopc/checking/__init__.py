"""Checking files and folders: what `sopc check` and the language server share."""

from sopc.checking.options import CheckOptions
from sopc.checking.run import CheckRun, check_files, check_run

__all__ = ["CheckOptions", "CheckRun", "check_files", "check_run"]
