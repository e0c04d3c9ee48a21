"""The wire to an LLM server: the checked address alone, no redirect, so many bytes, so long.

Imported only where the extra ``assistant`` is known to be there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx2

from jobmatch_ml.assistant.errors import ProviderGarbageError, ProviderSlowError
from jobmatch_ml.assistant.providers.base import Limits
from jobmatch_ml.assistant.providers.endpoints import Endpoint, Resolver, address_of

_BYTES_A_CHAR = 60  # a token's event is about 200 bytes around four characters


def make_http_client(
    endpoint: Endpoint, limits: Limits, resolve: Resolver | None = None
) -> httpx2.Client:
    """Returns the HTTP client that the SDK is given."""
    longest = max(limits.first_token_s, limits.idle_s)
    return httpx2.Client(
        transport=_Pinned(endpoint, limits, resolve),
        timeout=httpx2.Timeout(longest, connect=limits.connect_s),
        follow_redirects=False,
        trust_env=False,
    )


class _Bounded(httpx2.SyncByteStream):
    """A body that is cut where it becomes too long or too late."""

    def __init__(self, inner: httpx2.SyncByteStream, limits: Limits) -> None:
        self._inner = inner
        self._limits = limits
        self._deadline = time.monotonic() + limits.total_s

    def __iter__(self) -> Iterator[bytes]:
        left = self._limits.max_chars * _BYTES_A_CHAR
        for part in self._inner:
            left -= len(part)
            if left < 0:
                raise ProviderGarbageError("the model's answer is too large")
            if time.monotonic() > self._deadline:
                raise ProviderSlowError(f"no whole answer within {self._limits.total_s:g} s")
            yield part

    def close(self) -> None:
        self._inner.close()


class _Pinned(httpx2.BaseTransport):
    """Connects to the address that was checked, under the name that was asked for."""

    def __init__(self, endpoint: Endpoint, limits: Limits, resolve: Resolver | None) -> None:
        self._endpoint = endpoint
        self._limits = limits
        self._resolve = resolve
        self._inner = httpx2.HTTPTransport(retries=0, trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        # The name of the URL stays in the Host header, and in TLS.
        request.extensions = {**request.extensions, "sni_hostname": self._endpoint.host}
        address = address_of(self._endpoint, self._resolve)
        request.url = request.url.copy_with(host=address)
        response = self._inner.handle_request(request)
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Bounded(response.stream, self._limits)
        return response

    def close(self) -> None:
        self._inner.close()
