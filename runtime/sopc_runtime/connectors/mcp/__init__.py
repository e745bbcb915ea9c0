"""Connector `mcp`: the tools of MCP servers, started here or reached over HTTP."""

from sopc_runtime.connectors.mcp.connector import McpConnector

__all__ = ["McpConnector"]
