"""One module a page: its components and their wiring, no logic."""
