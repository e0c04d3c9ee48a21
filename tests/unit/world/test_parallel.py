"""Parts in several processes: the same results, in order, and errors that come through."""

from __future__ import annotations

import os

import pytest

from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.world.parallel import ordered_map


class Doubler:
    """Holds something that is not worth sending about."""

    def __init__(self) -> None:
        self.offset = 1000

    def __call__(self, number: int) -> int:
        if number == 13:
            raise InputError("part 13 is not there")
        if number == 99:
            os._exit(1)
        return self.offset + 2 * number


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_tasks(workers: int) -> None:
    found = list(ordered_map(Doubler(), range(12), workers=workers))
    assert found == [1000 + 2 * number for number in range(12)]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_a_part_is_the_error_of_the_whole(workers: int) -> None:
    with pytest.raises(InputError, match="part 13"):
        list(ordered_map(Doubler(), range(20), workers=workers))


def test_a_worker_that_dies_is_named_with_a_remedy() -> None:
    with pytest.raises(JobMatchError, match="--workers 1"):
        list(ordered_map(Doubler(), [1, 99, 2], workers=2))
