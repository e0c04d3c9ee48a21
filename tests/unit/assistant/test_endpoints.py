"""Which endpoints may be called: by scheme, by list, by address."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.errors import EndpointRefusedError
from jobmatch_ml.assistant.providers.endpoints import (
    Endpoint,
    address_of,
    operator_endpoint,
    user_endpoint,
)

LISTED = {"public_hosts": {"llm.example"}, "private_hosts": {"ollama.lan"}}


def test_the_operators_endpoint_may_be_private() -> None:
    endpoint = operator_endpoint("http://127.0.0.1:11434/v1/")
    assert endpoint == Endpoint("http://127.0.0.1:11434/v1", "127.0.0.1", 11434, private=True)
    assert address_of(endpoint) == "127.0.0.1"


def test_a_request_may_name_listed_hosts_alone() -> None:
    public = user_endpoint("https://LLM.example/v1", **LISTED)
    assert (public.host, public.port, public.private) == ("llm.example", 443, False)
    assert user_endpoint("http://ollama.lan:11434/v1", **LISTED).private


@pytest.mark.parametrize(
    "url",
    [
        "http://llm.example/v1",
        "https://llm.example.evil.com/v1",
        "https://evil.com/llm.example",
        "https://llm.example@evil.com/v1",
        "https://user:pass@llm.example/v1",
        "https://llm.example/v1?next=http://evil.com",
        "https://llm.example/v1#x",
        "https://llm.example\\@evil.com/v1",
        "https://evil.com\t.llm.example",
        "file:///etc/passwd",
        "gopher://llm.example/",
        "http://127.0.0.1/v1",
        "http://localhost/v1",
        "http://2130706433/v1",
        "http://0177.0.0.1/v1",
        "http://0x7f.1/v1",
        "http://[::1]/v1",
        "http://[::ffff:169.254.169.254]/v1",
        "http://169.254.169.254/latest/meta-data",
        "http://100.100.100.200/",
        "https://llm.example:99999/v1",
        "https://",
        "",
        "https://llm.exаmple/v1",
    ],
)
def test_anything_else_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(EndpointRefusedError) as caught:
        user_endpoint(url, **LISTED)
    assert "evil" not in str(caught.value)
    assert "administrateur" in caught.value.user_message


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "2002:a00:1::",
        "64:ff9b::a00:1",
        "not an address",
    ],
)  # fmt: skip
def test_a_public_name_with_such_an_address_is_refused(address: str) -> None:
    endpoint = user_endpoint("https://llm.example/v1", **LISTED)
    with pytest.raises(EndpointRefusedError):
        address_of(endpoint, lambda host, port: ["93.184.216.34", address])


def test_metadata_addresses_are_nobodys_llm() -> None:
    endpoint = operator_endpoint("http://metadata.internal/v1")
    with pytest.raises(EndpointRefusedError):
        address_of(endpoint, lambda host, port: ["169.254.169.254"])
    public = user_endpoint("https://llm.example/v1", **LISTED)
    assert address_of(public, lambda host, port: ["93.184.216.34"]) == "93.184.216.34"
