"""The connector `http`: systems that speak JSON over HTTP, with or without an OpenAPI document."""

from sopc_runtime.connectors.http.connector import HttpConnector

__all__ = ["HttpConnector"]
