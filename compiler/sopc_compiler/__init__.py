"""Prose in, graph out: the compiler's passes and its model client."""
