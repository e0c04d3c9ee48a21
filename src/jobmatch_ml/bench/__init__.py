"""Measurements anyone can run again: one harness, one list, results as small JSON files."""
