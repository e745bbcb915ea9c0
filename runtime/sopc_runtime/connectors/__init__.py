"""Connectors: how systems are asked to do things. One module each; others come by entry point."""
