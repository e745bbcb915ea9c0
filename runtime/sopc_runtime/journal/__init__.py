"""The journal: what happened in every run, in chains of entries that show any tampering."""
