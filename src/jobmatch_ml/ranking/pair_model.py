"""The cross-encoder's network: both texts in one sequence, and a head that starts as a bi-encoder.

Candidate and offer attend to each other in every layer; then each side's tokens are pooled apart
and the two vectors are compared, as the bi-encoder does that the weights come from. So the model
ranks sensibly before its first step and training adds what reading together can see. A classifier
on top of the first token starts from nothing there: an encoder's pooling never used that token, and
a few thousand pairs are too few to teach it.

Importing this module imports torch; import it where a model is needed.
"""

from __future__ import annotations

from typing import Any

import torch

from jobmatch_ml.errors import IntegrityError

_START_SCALE = 10.0
_HIDDEN = 64


class PairModel(torch.nn.Module):  # type: ignore[misc]
    """Scores a pair by ``scale · cos(u, v) + head([u∘v, |u − v|])``, u and v pooled by side.

    The head's last layer starts at zero, so that an untrained model is the cosine alone. Comparing
    by product and difference follows InferSent (Conneau et al. 2017). Differs from the paper in:
    the sides are encoded together.

    Args:
        backbone: A transformers encoder (without pooler) of ``d`` dimensions.
        hidden: Width of the head's hidden layer.
    """

    def __init__(self, backbone: Any, *, hidden: int = _HIDDEN) -> None:
        super().__init__()
        self.backbone = backbone
        dimension = backbone.config.hidden_size
        self.scale = torch.nn.Parameter(torch.tensor(_START_SCALE))
        self.compare = torch.nn.Linear(2 * dimension, hidden)
        self.out = torch.nn.Linear(hidden, 1)
        torch.nn.init.zeros_(self.out.weight)
        torch.nn.init.zeros_(self.out.bias)

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
        """Returns scores ``(n,)`` of token rows ``(n, length)``.

        Args:
            input_ids: Pieces of "candidate, offer".
            attention_mask: 1 for pieces, 0 for padding.
            token_type_ids: 0 for the candidate's pieces, 1 for the offer's.
        """
        # The encoder only ever saw one text, whose token types are 0.
        hidden = self.backbone(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=torch.zeros_like(token_type_ids),
        ).last_hidden_state
        left = _pooled(hidden, attention_mask * (1 - token_type_ids))
        right = _pooled(hidden, attention_mask * token_type_ids)
        product = left * right
        # Unit vectors have entries of about 1/√d; the head should see numbers of about 1.
        compared = torch.cat([product, (left - right).abs()], dim=-1) * left.shape[-1] ** 0.5
        extra = self.out(torch.nn.functional.gelu(self.compare(compared))).squeeze(-1)
        return self.scale * product.sum(-1) + extra

    def head_state(self) -> dict[str, Any]:
        """Returns the weights that are not the backbone's, by name."""
        return {
            name: weight.detach().cpu().contiguous()
            for name, weight in self.state_dict().items()
            if not name.startswith("backbone.")
        }

    def load_head(self, state: dict[str, Any]) -> None:
        """Takes over head weights.

        Raises:
            IntegrityError: They are not those of this head.
        """
        expected = {name: tuple(weight.shape) for name, weight in self.head_state().items()}
        found = {name: tuple(weight.shape) for name, weight in state.items()}
        if found != expected:
            raise IntegrityError(
                f"the cross-encoder's head has {found}, expected {expected}: train it again"
            )
        self.load_state_dict(state, strict=False)


def _pooled(hidden: Any, mask: Any) -> Any:
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)
    return torch.nn.functional.normalize(mean, dim=-1)
