"""Connector `caldav`: events in calendars of any CalDAV server."""

from sopc_runtime.connectors.caldav.connector import CaldavConnector

__all__ = ["CaldavConnector"]
