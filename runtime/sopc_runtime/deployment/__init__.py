"""Signing graphs, deploying them, and moving runs from one version to the next."""
