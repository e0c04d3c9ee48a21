"""The contrastive loss of the bi-encoder, as one function of embeddings."""

from __future__ import annotations

from typing import Any


def contrastive_loss(
    queries: Any,
    documents: Any,
    *,
    scale: float,
    negatives: Any = None,
    refused: Any = None,
    refused_rows: Any = None,
) -> Any:
    """Returns the symmetric in-batch softmax loss with optional hard negatives.

    For row i with query q_i, its document d_i and hard negatives n_k, over scaled cosines
    s(a, b) = scale · cos(a, b)::

        loss_i = log(Σ_j exp s(q_i, d_j) + Σ_j exp s(q_j, d_i) + Σ_k exp s(q_i, n_k)) − s(q_i, d_i)

    Both directions share one softmax (the "improved contrastive loss" of Li et al. 2023, GTE,
    https://arxiv.org/abs/2308.03281). Differs from the paper in: no query–query and
    document–document terms; rows that may be each other's right answers are apart
    (:mod:`jobmatch_ml.training.batches`) or masked.

    Args:
        queries: ``(n_rows, dim)``, rows of unit length.
        documents: ``(n_rows, dim)``, rows of unit length; row i belongs to query i.
        scale: Inverse temperature, > 0. 20 is what MiniLM was trained with.
        negatives: ``(n_negatives, dim)``: documents that are wrong for the rows that do not refuse
            them.
        refused: ``(n_rows, n_negatives)`` booleans: True where a negative may be right for the row.
        refused_rows: ``(n_rows, n_rows)`` booleans, symmetric, False on the diagonal: True where
            one row's document may be right for the other; such terms are left out of both sums.

    Returns:
        The mean over rows, a tensor of no dimension.
    """
    import torch  # heavy

    forward = scale * queries @ documents.T  # (n_rows, n_rows)
    other = forward if refused_rows is None else forward.masked_fill(refused_rows, -torch.inf)
    scores = [other, other.T]
    if negatives is not None:
        hard = scale * queries @ negatives.T  # (n_rows, n_negatives)
        scores.append(hard if refused is None else hard.masked_fill(refused, -torch.inf))
    return (torch.logsumexp(torch.cat(scores, dim=1), dim=1) - forward.diagonal()).mean()
