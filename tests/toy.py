"""Small stand-ins with computable answers: texts, an encoder without weights, a tiny real model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.types import Document, Query

JOBS: tuple[tuple[str, str, str], ...] = (
    ("d01", "Boulanger / Boulangère", "Pétrissage, façonnage et cuisson du pain au levain."),
    ("d02", "Infirmier / Infirmière", "Soins aux patients, perfusions, service de nuit."),
    ("d03", "Développeur web", "Applications Python et JavaScript, tests, bases PostgreSQL."),
    ("d04", "Chauffeur poids lourd", "Permis C, livraisons régionales, chronotachygraphe."),
    ("d05", "Comptable", "Saisie des factures, rapprochements bancaires, déclarations de TVA."),
    ("d06", "Maçon", "Coffrage, ferraillage, pose de parpaings sur chantier."),
    ("d07", "Serveur en restauration", "Accueil des clients, prise de commande, encaissement."),
    ("d08", "Soudeur TIG", "Lecture de plans, soudure inox, contrôle visuel des cordons."),
    ("d09", "Vendeuse en prêt-à-porter", "Conseil, mise en rayon, inventaire, caisse."),
    ("d10", "Agent de sécurité", "Rondes, filtrage des entrées, carte professionnelle à jour."),
    ("d11", "Jardinier paysagiste", ""),
    ("d12", "Électricien du bâtiment", "Câblage, tableaux, habilitation B2V, dépannage."),
)


def toy_documents() -> list[Document]:
    """Twelve offers without a word in common that matters; one has no body."""
    return [Document(*job) for job in JOBS]


def toy_queries() -> list[Query]:
    """One query a document, ``q01`` … ``q12``, with the document's own title and text."""
    return [Query(f"q{doc_id[1:]}", title, text) for doc_id, title, text in JOBS]


class ToyEncoder:
    """One direction a word: a text is the normalised sum of its words' directions.

    Cosines can be worked out by hand: texts of one word each have cosine 1 or 0, and a text of n
    distinct words has cosine 1/√n with each of them. The empty text has a direction of its own.
    """

    name = "toy"
    dimension = 2048  # large enough that the words used in tests do not collide

    def __init__(self) -> None:
        self.calls: list[int] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns unit rows ``(n_texts, dimension)``."""
        self.calls.append(len(texts))
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()) or [""]:
                vectors[row, self.direction(word)] += 1
        if not len(vectors):
            return vectors
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def direction(self, word: str) -> int:
        """Returns the axis of a word."""
        return int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension


class ToyScorer:
    """Reads pairs as :class:`ToyEncoder` does: the cosine of the two texts' words.

    Args:
        left_only: Words that count only in the candidate's text: 1 each, to tell the sides apart.
    """

    name = "toy-pairs"

    def __init__(self, left_only: str = "") -> None:
        self.encoder = ToyEncoder()
        self.left_only = left_only.split()
        self.pairs: list[tuple[str, str]] = []

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Returns ``(n_pairs,)``."""
        self.pairs += pairs
        sides = [self.encoder.encode(list(side)) for side in zip(*pairs, strict=True)] or [[], []]
        extra = [sum(word in left for word in self.left_only) for left, _ in pairs]
        cosines = [float(a @ b) for a, b in zip(*sides, strict=True)]
        return np.asarray(cosines, dtype=np.float32) + np.asarray(extra, dtype=np.float32)


def build_tiny_model(folder: Path, *, seed: int = 0, dimension: int = 32) -> Path:
    """Saves a random two-layer BERT as a sentence-transformers model; nothing is downloaded.

    Its vectors mean nothing, but length, pooling, padding and files are those of a real model.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{x}" for x in letters)]
    base = folder / "base"
    base.mkdir()
    state = torch.random.get_rng_state()
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=dimension,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=2 * dimension,
        max_position_embeddings=64,
        # Large enough that different texts have clearly different vectors.
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(base)
    torch.random.set_rng_state(state)
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    BertTokenizerFast(vocab=vocabulary).save_pretrained(base)
    transformer: Any = modules.Transformer(str(base), max_seq_length=64)
    pooling: Any = modules.Pooling(dimension, pooling_mode="mean")
    model = SentenceTransformer(modules=[transformer, pooling, modules.Normalize()], device="cpu")
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"
