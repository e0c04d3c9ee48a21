"""A seeded synthetic French job market with known relevance and known propensities.

Offers are France Travail JSON, candidates have CVs as text and files, a logging policy shows
slates, and people act on them. The truth lies apart (``truth/``) and is for evaluation alone.
"""

from __future__ import annotations

from jobmatch_ml.world.build import WorldManifest, build_world
from jobmatch_ml.world.config import WorldConfig

__all__ = ["WorldConfig", "WorldManifest", "build_world"]
