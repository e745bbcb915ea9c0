"""The prose behind a graph: what is cited, what is covered, what it says."""
