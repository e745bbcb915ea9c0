"""Prose in many formats, read into passages that know where each character stands."""
