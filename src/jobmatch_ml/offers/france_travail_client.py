"""The offers of France Travail, page by page: « Offres d'emploi v2 », its search alone.

What the API answers becomes a :class:`Page` or one error sentence; tokens, pace and retries are
taken care of below (:mod:`~jobmatch_ml.offers.france_travail_auth`,
:mod:`~jobmatch_ml.offers.france_travail_http`).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any

import orjson

from jobmatch_ml.errors import ConfigError, FormatError, InputError, JobMatchError, UpstreamError
from jobmatch_ml.offers.france_travail_auth import Credentials, TokenSource, load_credentials
from jobmatch_ml.offers.france_travail_http import Answer, Transient, Transport, check_url
from jobmatch_ml.offers.france_travail_queries import ContentRange, OfferQuery
from jobmatch_ml.settings import Settings, variable_name

MOST_TOLD = 200
"""Characters of the API's own words that an error message repeats."""


class QueryRefusedError(InputError):
    """The API does not accept a query (an unknown code); others may still be asked."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the search.

    Args:
        offers: At most 150 offers as received, in the API's order.
        total: Offers of the whole query at that moment.
    """

    offers: list[Any]
    total: int


class FranceTravailClient:
    """Searches offers. A context manager: leaving it closes the connections.

    Args:
        credentials: Of the application.
        transport: Sends the requests.
        token_url: Token endpoint, realm included.
        api_url: The API's base.
    """

    def __init__(
        self, credentials: Credentials, transport: Transport, *, token_url: str, api_url: str
    ) -> None:
        self.transport = transport
        self._tokens = TokenSource(credentials, url=token_url, transport=transport)
        base = check_url(api_url, variable_name("france_travail_api_url"))
        self._search_url = f"{base.rstrip('/')}/offres/search"

    @classmethod
    def from_settings(cls, settings: Settings) -> FranceTravailClient:
        """Builds the client that the environment describes.

        Raises:
            ConfigError: Credentials are missing, or an address is not safe to send them to.
            UpstreamError: Secret Manager was to hold them, and fails.
        """
        transport = Transport(
            interval_s=settings.france_travail_interval_s,
            timeout_s=settings.france_travail_timeout_s,
            retries=settings.france_travail_retries,
            backoff_s=settings.france_travail_backoff_s,
        )
        return cls(
            load_credentials(settings),
            transport,
            token_url=settings.france_travail_token_url,
            api_url=settings.france_travail_api_url,
        )

    def __enter__(self) -> FranceTravailClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.transport.close()

    def search(self, query: OfferQuery, first: int = 0) -> Page:
        """Returns one page of a query.

        Args:
            query: What is looked for.
            first: Index of the page's first result: 0, 150, … 3000.

        Raises:
            QueryRefusedError: The API refuses the query (an unknown code).
            ConfigError: The API refuses the credentials, or the application's rights.
            UpstreamError: The API failed, also when asked again.
        """
        return self.transport.attempt(
            lambda: self._page(query, first), f"France Travail, {query}, results from {first} on"
        )

    def _page(self, query: OfferQuery, first: int) -> Page:
        answer = self._authorised(f"{self._search_url}?{query.parameters(first)}")
        if answer.status == 204 or (answer.status == 416 and first):
            # Nothing, or nothing so far down: offers were withdrawn while the pages were read.
            return Page([], _total(answer, 0))
        if answer.status not in (200, 206):
            raise self._refusal(answer, query)
        values = answer.json()
        offers = values.get("resultats") if isinstance(values, dict) else None
        if not isinstance(offers, list):
            raise Transient("the answer has no list `resultats`")
        if answer.status == 206 and "content-range" not in answer.headers:
            # Without the total nobody knows what is still missing.
            raise Transient("a part of the results came without Content-Range")
        return Page(offers, _total(answer, first + len(offers)))

    def _authorised(self, url: str) -> Answer:
        # A token may end before its time: one refusal buys a new one, a second is final.
        for _ in range(2):
            headers = {
                "Authorization": f"Bearer {self._tokens.get()}",
                "Accept": "application/json",
            }
            answer = self.transport.send("GET", url, headers=headers)
            if answer.status != 401:
                return answer
            self._tokens.drop()
        raise ConfigError(
            "France Travail refuses a token that it has just given (status 401): check that the "
            "application is subscribed to « Offres d'emploi v2 ».",
            field="france_travail_client_id",
        )

    def _refusal(self, answer: Answer, query: OfferQuery) -> JobMatchError:
        told = self._tokens.redact(_message(answer))[:MOST_TOLD]
        said = f': "{told}"' if told else ""
        if answer.status == 403:
            return ConfigError(
                f"France Travail does not let this application search offers (status 403{said}): "
                "subscribe it to « Offres d'emploi v2 » on https://francetravail.io.",
                field="france_travail_client_id",
            )
        if answer.status in (400, 404):
            return QueryRefusedError(
                f"France Travail refuses the query {query} (status {answer.status}{said}).",
                field="rome",
            )
        return UpstreamError(
            f"France Travail answers {answer.status} to {query}{said}: expected 200, 204 or 206; "
            f"check {variable_name('france_travail_api_url')}."
        )


def _total(answer: Answer, otherwise: int) -> int:
    header = answer.headers.get("content-range")
    if header is None:
        return otherwise
    try:
        return ContentRange.parse(header).total
    except FormatError as error:
        raise Transient(str(error)) from None


def _message(answer: Answer) -> str:
    """Returns the API's own sentence, where its body has one."""
    try:
        said = orjson.loads(answer.body)["message"]
    except (ValueError, KeyError, TypeError):
        return ""
    text = " ".join(str(said).split())
    return "".join(each for each in text if each.isprintable())
