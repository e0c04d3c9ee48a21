"""What a cross-encoder learns of a list of graded offers: three losses of one signature.

Rows are lists, columns the offers of one candidate. ``weights`` are the censoring weights of the
log (:mod:`jobmatch_ml.interactions.censoring`): how many rows a row stands for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from jobmatch_ml.training.cross_encoder_config import Loss

ListLoss: TypeAlias = Callable[[Any, Any, Any], Any]

# Target of each grade: a save is some evidence, a hire all there is.
TARGETS = (0.0, 0.4, 0.6, 0.8, 1.0)


def pointwise_loss(scores: Any, grades: Any, weights: Any) -> Any:
    """Returns the binary cross-entropy of each score against its grade's target in [0, 1].

    ``mean of w · (−t · log σ(s) − (1 − t) · log(1 − σ(s)))``, t of :data:`TARGETS`. Learns a level,
    not only an order.

    Args:
        scores: ``(n_lists, n_offers)``.
        grades: The same shape, whole numbers 0 to 4.
        weights: The same shape, >= 0.

    Returns:
        A tensor of no dimension.
    """
    import torch

    targets = torch.tensor(TARGETS, device=scores.device)[grades.long()]
    losses = torch.nn.functional.binary_cross_entropy_with_logits(scores, targets, reduction="none")
    return (weights * losses).sum() / weights.sum()


def pairwise_loss(scores: Any, grades: Any, weights: Any) -> Any:
    """Returns RankNet's loss over the pairs of different grades within each list.

    ``mean of w_i w_j (g_i − g_j) · log(1 + exp(s_j − s_i))`` over pairs with g_i > g_j (Burges et
    al. 2005, RankNet). Differs from the paper in: a pair counts by the difference of its grades,
    so that "hired over ignored" weighs more than "saved over ignored". Args as above.
    """
    import torch

    ahead = grades.unsqueeze(2) - grades.unsqueeze(1)  # (n_lists, i, j): grade of i over j
    factor = weights.unsqueeze(2) * weights.unsqueeze(1) * ahead.clamp(min=0)
    behind = scores.unsqueeze(1) - scores.unsqueeze(2)  # score of j over i
    total = factor.sum().clamp(min=1e-9)
    return (factor * torch.nn.functional.softplus(behind)).sum() / total


def listwise_loss(scores: Any, grades: Any, weights: Any) -> Any:
    """Returns the softmax cross-entropy of each list against its weighted grades.

    ``− Σ_i p_i log softmax(s)_i`` with ``p_i = w_i g_i / Σ_j w_j g_j`` (ListNet's top-one loss, Cao
    et al. 2007). Differs from the paper in: targets are proportional to the grades, not to their
    exponentials, so that a negative gets no mass. Lists without a positive count 0. Args as above.
    """
    import torch

    gains = weights * grades
    totals = gains.sum(dim=1, keepdim=True)
    shares = gains / totals.clamp(min=1e-9)
    losses = -(shares * torch.log_softmax(scores, dim=1)).sum(dim=1)
    return losses.sum() / (totals > 0).sum().clamp(min=1)


def distillation_loss(scores: Any, teacher: Any, weights: Any) -> Any:
    """Returns the mean squared error to the teacher's scores plus the lists' KL divergence.

    The first keeps the scale (so one blend weight serves both models), the second the order.
    ``weights`` are not used: what the teacher says of a pair does not depend on the log.
    """
    import torch

    del weights
    error = torch.nn.functional.mse_loss(scores, teacher)
    divergence = torch.nn.functional.kl_div(
        torch.log_softmax(scores, dim=1),
        torch.log_softmax(teacher, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    return error + divergence


LOSSES: dict[Loss, ListLoss] = {
    "pointwise": pointwise_loss,
    "pairwise": pairwise_loss,
    "listwise": listwise_loss,
}
