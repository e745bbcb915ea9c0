"""The SARIF 2.1.0 format, for code scanning, editors and whatever else reads it."""

from sopc.diagnostics.sarif.log import sarif

__all__ = ["sarif"]
