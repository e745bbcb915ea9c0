"""Carrying runs out durably: events in, decisions out, and everything in between committed."""
