"""Limits on a stream of tokens: to the first one, between two, and in all."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator

from jobmatch_ml.assistant.errors import ProviderSlowError
from jobmatch_ml.assistant.providers.base import Limits


class _End:
    """What a reader leaves when it is done: its error, or nothing."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def within_limits(
    open_stream: Callable[[threading.Event], Iterator[str]], limits: Limits
) -> Iterator[str]:
    """Yields a stream's pieces, read in a thread of its own so that a silent one can be left.

    Args:
        open_stream: Starts reading; stops soon after the event is set.
        limits: How long.

    Raises:
        ProviderSlowError: A limit was passed.
    """
    pieces: queue.SimpleQueue[str | _End] = queue.SimpleQueue()
    left = threading.Event()

    def read() -> None:
        try:
            for piece in open_stream(left):
                if left.is_set():
                    return
                pieces.put(piece)
        except BaseException as error:  # handed over, and raised where somebody waits for it
            pieces.put(_End(error))
        else:
            pieces.put(_End())

    threading.Thread(target=read, daemon=True, name="llm-stream").start()
    deadline = time.monotonic() + limits.total_s
    patience = limits.first_token_s
    try:
        while True:
            piece = _next(pieces, patience, deadline, limits)
            if isinstance(piece, _End):
                if piece.error is not None:
                    raise piece.error
                return
            patience = limits.idle_s
            yield piece
    finally:
        left.set()


def _next(
    pieces: queue.SimpleQueue[str | _End], patience: float, deadline: float, limits: Limits
) -> str | _End:
    remaining = deadline - time.monotonic()
    try:
        return pieces.get(timeout=max(0.0, min(patience, remaining)))
    except queue.Empty:
        if remaining <= patience:
            raise ProviderSlowError(f"no whole answer within {limits.total_s:g} s") from None
        raise ProviderSlowError(f"the model was silent for {patience:g} s") from None
