"""A cross-encoder in 8-bit arithmetic by OpenVINO: several times as fast on a processor with VNNI.

The ranges of the numbers are taken from French pairs. What it costs in quality is to be measured on
one's own data (`jobmatch bench rerank`), which is why it is asked for and never chosen unasked.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.backends import require_packages, silence_openvino, thread_count
from jobmatch_ml.ranking.pair_scorer import TransformerPairScorer, padded_features, pair_tokens


class Int8PairScorer(TransformerPairScorer):
    """Scores pairs as the model it is made from, rounded to 8 bits.

    It lives in memory: making it takes seconds, and nothing is written.

    Args:
        scorer: The model, in fp32.
        samples: Pairs whose numbers set the ranges; some dozens of the kind that will be scored.

    Raises:
        InputError: No samples, or a model that is not in fp32.
        MissingExtraError: openvino or nncf is not installed.
    """

    def __init__(self, scorer: TransformerPairScorer, samples: Sequence[tuple[str, str]]) -> None:
        if not samples or scorer.precision != "fp32":
            raise InputError(
                f"{len(samples)} samples, a model in {scorer.precision}; expected at least one "
                "pair and a model in fp32"
            )
        require_packages("openvino-int8", to_export=True)
        self._adopt(scorer.model, scorer.tokenizer, scorer.max_length_tokens, scorer.name)
        self.precision = "fp32"
        rows = pair_tokens(self.tokenizer, samples, max_length_tokens=self.max_length_tokens)
        features = [
            dict(padded_features(self.tokenizer, rows, [row], self.max_length_tokens))
            for row in range(len(samples))
        ]
        self._request = _compile(_quantise(self.model, features))

    def _run(self, features: Any) -> NDArray[np.float32]:
        found = self._request.infer({name: part.numpy() for name, part in features.items()})
        return np.array(found[0], dtype=np.float32)


def _quantise(model: Any, features: list[dict[str, Any]]) -> Any:
    silence_openvino()
    import nncf
    import openvino
    import torch

    names = list(features[0])

    class Scores(torch.nn.Module):  # type: ignore[misc]
        """The model as a function of tensors, which is what a graph has for inputs."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = copy.deepcopy(model).requires_grad_(requires_grad=False)

        def forward(self, *tensors: Any) -> Any:
            return self.inner(**dict(zip(names, tensors, strict=True)))

    example = tuple(features[0][name] for name in names)
    with torch.inference_mode():
        graph = openvino.convert_model(
            Scores().eval(), example_input=example, input=[[-1, -1]] * len(names)
        )
    for port, name in zip(graph.inputs, names, strict=True):
        port.get_tensor().set_names({name})
    samples = [{name: part.numpy() for name, part in row.items()} for row in features]
    return nncf.quantize(
        graph,
        nncf.Dataset(samples),
        model_type=nncf.ModelType.TRANSFORMER,
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(samples),
    )


def _compile(graph: Any) -> Any:
    import openvino

    settings = {"INFERENCE_NUM_THREADS": thread_count(), "PERFORMANCE_HINT": "LATENCY"}
    return openvino.Core().compile_model(graph, "CPU", settings).create_infer_request()
