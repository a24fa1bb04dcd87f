"""What aiohttp raises, said in one sentence. Hosts are named; nothing else of an address is, it may hold secrets."""

from __future__ import annotations

import os
import ssl
import zlib
from http import HTTPStatus

import aiohttp

from monitor.domain.feed import Failure, FetchFailed

RAISED = (TimeoutError, aiohttp.ClientError, OSError, ValueError, zlib.error)
"""What a request may raise for what a server, a network or an address does."""


def failure_of(error: Exception, host: str) -> FetchFailed:  # noqa: C901 - one flat list
    """The value for an error of `RAISED` that a request to `host` met."""
    kind, what = Failure.CONNECTION, "broke off the connection"
    match error:
        case TimeoutError():
            kind, what = Failure.TIMEOUT, "did not answer in full within the time allowed"
        case aiohttp.ClientConnectorCertificateError():
            kind, what = Failure.TLS, f"has a bad certificate ({_reason(error.certificate_error)})"
        case aiohttp.ClientSSLError():
            kind, what = Failure.TLS, "does not speak TLS as it should"
        case aiohttp.ClientProxyConnectionError():
            what = "cannot be reached, as the proxy of the settings cannot"
        case aiohttp.ClientHttpProxyError():
            what = f"cannot be reached, as the proxy of the settings refused it ({error.status})"
        case aiohttp.ClientConnectorDNSError():
            what = "has no address that could be found"
        case aiohttp.ClientConnectorError():
            what = f"cannot be reached ({os.strerror(error.errno) if error.errno else 'no connection'})"
        case aiohttp.InvalidURL():
            kind, what = Failure.REFUSED_ADDRESS, "is not a host name that can be looked up"
        case aiohttp.ClientResponseError():
            kind, what = Failure.HTTP, "sent an answer that is not proper HTTP, or headers that are too large"
        case aiohttp.ClientPayloadError():
            what = "ended its answer too early"
        case zlib.error():
            kind, what = Failure.HTTP, "sent a body whose compression is broken"
    return FetchFailed(kind, f"{host} {what}.")


def failure_of_status(status: int, host: str) -> tuple[Failure, str]:
    """Kind and sentence for a status that brings no body to parse."""
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = str(status)
    if status == HTTPStatus.GONE:
        return Failure.GONE, f"{host} says that the feed is gone for good: it is looked at once a week."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Failure.THROTTLED, f"{host} answered {phrase}."
    return Failure.HTTP, f"{host} answered {phrase}."


def _reason(error: Exception) -> str:
    return error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else "it cannot be checked"
