"""Expressions and the values in them: where they come from, and in which unit."""
