"""HTTP for the twilio library: a time limit, another base address, and no doubt about what left."""

from collections.abc import Iterator, Mapping
from ssl import SSLCertVerificationError
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.http.response import Response
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from hotline.channels.errors_table import TOO_MANY_REQUESTS, Meaning
from hotline.channels.outcomes import Refused, Unknown

CONNECT_SECONDS = 5.0


class NoAnswer(Exception):  # noqa: N818 - says what happened to the request
    """There is no answer for the library to read; `outcome` says what that means."""

    def __init__(self, outcome: Refused | Unknown) -> None:
        super().__init__(outcome.problem)
        self.outcome = outcome


class CarrierHttp:
    """What `twilio.rest.Client` asks of an http_client, one connection for each request.

    Connections are not kept: a kept one that the carrier has just closed fails in the same way as a
    request that got lost after arriving, and every such failure would be a "perhaps sent".
    """

    is_async = False

    def __init__(self, *, base_url: str | None = None, timeout: float = 10.0) -> None:
        """`base_url` replaces https://api.twilio.com (a stand-in); `timeout` in seconds."""
        self._base = urlsplit(base_url.rstrip("/")) if base_url else None
        self.timeout = timeout

    def request(  # noqa: PLR0913, PLR0917 - the twilio library calls it with these
        self,
        method: str,
        uri: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - the library's signature
    ) -> Response:
        """Send one request. Raises NoAnswer when there is no whole answer, and for a 429."""
        seconds = timeout or self.timeout
        try:
            with requests.Session() as session:
                answer = session.request(
                    method.upper(),
                    self._address(uri),
                    params=params,
                    data=data,
                    headers={**(headers or {}), "Connection": "close"},
                    auth=auth,
                    timeout=(min(CONNECT_SECONDS, seconds), seconds),
                    allow_redirects=allow_redirects,
                )
        except requests.exceptions.RequestException as error:
            raise NoAnswer(_failed(error)) from error
        if answer.status_code == TOO_MANY_REQUESTS:
            wait = _seconds(answer.headers.get("Retry-After"))
            raise NoAnswer(too_fast("HTTP 429", wait, code=20429))
        return Response(answer.status_code, answer.text, dict(answer.headers))

    def _address(self, uri: str) -> str:
        if self._base is None:
            return uri
        asked = urlsplit(uri)
        path = self._base.path + asked.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, asked.query, ""))


def too_fast(problem: str, wait: float | None, code: int | None = None) -> Refused:
    """Not processed because of its rate; `wait` in seconds where it is known."""
    return Refused(permanent=False, meaning=Meaning.TOO_FAST, problem=problem, code=code, wait=wait)


def _failed(error: requests.exceptions.RequestException) -> Refused | Unknown:
    name = type(error).__name__
    if not _never_left(error):
        return Unknown(f"no answer: {name}")
    return Refused(permanent=False, meaning=Meaning.CARRIER_FAULT, problem=f"no connection: {name}")


def _never_left(error: BaseException) -> bool:
    """True only where no connection stood when it failed, so that nothing can have arrived.

    Any other TLS error may come from reading the answer, so it counts as perhaps sent.
    """
    before = (NewConnectionError, ConnectTimeoutError, SSLCertVerificationError, ValueError)
    return any(isinstance(one, before) for one in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what requests and urllib3 wrapped into it."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [*one.args, one.__cause__, getattr(one, "reason", None)]


def _seconds(header: str | None) -> float | None:
    """Retry-After in seconds; the form with a date is not used by the carrier."""
    return float(header) if header is not None and header.isdigit() else None
