"""The rankers: from random to learned, all behind one protocol and one registry."""
