"""The ``jobmatch`` command: one module per noun, translation between the shell and the library."""
