"""Findings in an editor, in the graph and in the prose: `sopc lsp`."""

from sopc.language_server.server import serve

__all__ = ["serve"]
