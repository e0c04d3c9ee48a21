"""JobMatch ML: match French job seekers to job offers, from research to production.

Importing this package is cheap: nothing heavy is loaded, nothing is read, nothing is logged.
Each room of the house (see ``docs/architecture.md``) is a subpackage with one purpose.
"""

from __future__ import annotations

__version__ = "0.1.0"
