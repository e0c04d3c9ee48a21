"""French adaptation of the encoders on open data: ROME, ESCO and the project's own market.

``pairs`` says which texts mean the same thing, ``static`` and ``transformer`` fit the two encoders
on them, ``vocabulary`` gives the transformer French word pieces, ``fusion`` learns how much each
view counts, and ``recipe`` does all of it and writes the encoder in the box.
"""
