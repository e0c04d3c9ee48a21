"""Which LLM endpoints may be called: scheme, host and the address that the name stands for.

A request's own endpoint is called only where the operator listed its host. The name is resolved
and checked at each connection, and the connection goes to the very address that was checked, so a
name that changes its address in between gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from jobmatch_ml.assistant.errors import EndpointRefusedError, ProviderDownError

Resolver = Callable[[str, int], list[str]]
_MAX_URL = 300
_MAX_HOST = 253
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# The last part decides: no name ends in a number.
_NUMERIC = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NOT_ALLOWED = (
    "Cette adresse de modèle de langue n'est pas autorisée. Demandez à l'administrateur de "
    "l'ajouter à la liste, ou continuez sans modèle de langue."
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that was checked.

    Args:
        url: Base URL without a trailing slash.
        host: Host name in lower case.
        port: Port.
        private: Whether it may have a private address.
    """

    url: str
    host: str
    port: int
    private: bool


def operator_endpoint(url: str) -> Endpoint:
    """Returns the operator's endpoint; a private address is welcome (Ollama).

    Raises:
        EndpointRefusedError: Not an http(s) URL of a host.
    """
    return _parse(url, private=True, schemes=("http", "https"))


def user_endpoint(
    url: str, *, public_hosts: Collection[str], private_hosts: Collection[str]
) -> Endpoint:
    """Returns a request's own endpoint, if its host is listed.

    Raises:
        EndpointRefusedError: The host is not listed, or the URL is not plain.
    """
    private = _parse(url, private=True, schemes=("http", "https"))
    if private.host in private_hosts:
        return private
    if private.host not in public_hosts:
        raise _refused("the endpoint's host is not among those that requests may name")
    return _parse(url, private=False, schemes=("https",))


def address_of(endpoint: Endpoint, resolve: Resolver | None = None) -> str:
    """Returns the address to connect to.

    Raises:
        EndpointRefusedError: One of the name's addresses is not allowed.
        ProviderDownError: The name has no address.
    """
    try:
        found = (resolve or _resolve)(endpoint.host, endpoint.port)
    except (OSError, UnicodeError):  # the latter for names that cannot be written for DNS
        raise ProviderDownError("the LLM endpoint's host name has no address") from None
    if not found:
        raise ProviderDownError("the LLM endpoint's host name has no address")
    # All of them: a name with one good and one bad address is not to be trusted.
    for address in found:
        if not _allowed(address, private=endpoint.private):
            raise _refused("the endpoint's host has an address that may not be called")
    return found[0]


def _parse(url: str, *, private: bool, schemes: tuple[str, ...]) -> Endpoint:
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not plain or len(url) > _MAX_URL:
        raise _refused("the endpoint is not a plain URL")
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise _refused("the endpoint is not a URL") from None
    if parts.scheme not in schemes:
        raise _refused(f"the endpoint's scheme must be {' or '.join(schemes)}")
    if not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        raise _refused("expected an endpoint of scheme, host, port and path alone")
    host = parts.hostname.removesuffix(".").lower()
    if not _plain_host(host):
        raise _refused("the endpoint's host is neither a plain name nor a plain address")
    return Endpoint(url.rstrip("/"), host, port, private)


def _plain_host(host: str) -> bool:
    """Tells a name or an address in its usual form from 2130706433, 0177.0.0.1 or 127.1.

    Libraries do not agree on what those stand for: some call them, some refuse them.
    """
    if _NUMERIC.search(host) or ":" in host:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return "%" not in host
    return len(host) <= _MAX_HOST and all(map(_LABEL.fullmatch, host.split(".")))


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # IPv4 first: local servers often listen there alone.
    ordered = sorted(found, key=lambda item: item[0] != socket.AF_INET)
    return list(dict.fromkeys(str(item[4][0]) for item in ordered))


def _allowed(address: str, *, private: bool) -> bool:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        # The same place by another name: ::ffff:10.0.0.1, 6to4, Teredo and NAT64.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return _allowed(str(inner), private=private)
    # Link-local holds the clouds' metadata: nobody's LLM.
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
        return bool(private and ip.is_loopback)
    return private or ip.is_global


def _refused(message: str) -> EndpointRefusedError:
    return EndpointRefusedError(message, user_message=_NOT_ALLOWED, field="llm_config")
