"""The coaches: a STAR success in one conversation, a pitch in two lengths, from facts alone."""

from __future__ import annotations
