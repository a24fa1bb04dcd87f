"""Digests by mail (aiosmtplib's home): one message per recipient, the same bytes each time it is tried."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.policy import default as default_policy
from email.utils import format_datetime, parseaddr
from enum import StrEnum

import aiosmtplib

from monitor.domain.digest import FrozenDigest, Outgoing, SendFailed, SendResult, Sent
from monitor.text.shown import header_line, one_line

TOTAL_TIMEOUT = 120.0
"""Seconds for one delivery from connecting to the server's answer: a server that drips keeps no outbox row busy."""

QUIT_TIMEOUT = 5.0
"""Seconds for the goodbye after the server has accepted the message; what happens then changes nothing."""

FIRST_PERMANENT = 500
"""SMTP replies from here on say that trying again cannot help (RFC 5321, 4.2.1)."""

LOGIN_REPLIES = frozenset({530, 534, 535, 538})
"""Replies that speak of our login whatever they answer (RFC 4954, 6): somebody can cure that in the settings."""

LIST_NAME_LENGTH = 24
"""A longer List-Id would not fit a line, and CPython would then encode it beyond recognition."""

POLICY = SMTP_POLICY.clone(cte_type="7bit")
"""Every server takes 7-bit mail; 8BITMIME would have to be asked for."""


class Security(StrEnum):
    """How the connection is protected; certificates are verified in either protected way, without a fall-back."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `username` None: the server wants no login; NONE is for a relay on the same host."""

    host: str
    port: int
    security: Security
    username: str | None = None
    password: str | None = field(default=None, repr=False)


class EmailChannel:
    """Sends each digest to each recipient through one mail server.

    `sender` and `recipients` are addresses with or without a name; `timeout` bounds one delivery, in seconds.
    """

    def __init__(
        self, server: MailServer, sender: str, recipients: Sequence[str], timeout: float = TOTAL_TIMEOUT
    ) -> None:
        self._server = server
        self._sender = sender
        self._recipients = tuple(recipients)
        self._timeout = timeout

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses, each its own message: none sees another, and none's failure repeats another's mail."""
        return self._recipients

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Build, check and send the message.

        Permanent is a message that cannot be built, and what the server says for good of the recipient or the message.
        A refused login or sender is not: somebody can cure the settings or the account within the days of the ladder.
        """
        try:
            content = message_bytes(outgoing.digest, self._sender, outgoing.recipient)
        except (ValueError, MessageError) as error:
            return SendFailed(f"the message could not be built: {error}", permanent=True)
        client = self._client()
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._transmit(client, outgoing.recipient, content)
            await _say_goodbye(client)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return _failed(error)
        finally:
            client.close()
        return Sent(answer)

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=None if server.security is Security.NONE else ssl.create_default_context(),
            timeout=self._timeout,
        )

    async def _transmit(self, client: aiosmtplib.SMTP, recipient: str, content: bytes) -> str:
        """The server's answer to the message."""
        await client.connect()
        if self._server.username is not None:
            await client.login(self._server.username, self._server.password or "")
        _, answer = await client.sendmail(parseaddr(self._sender)[1], [parseaddr(recipient)[1]], content)
        return one_line(answer)


def message_bytes(digest: FrozenDigest, sender: str, recipient: str) -> bytes:
    """The message as it goes over the wire: multipart/alternative, plain text first.

    Date, Message-ID and boundary are the digest's own, so that every attempt sends the same bytes. Raises ValueError
    when the written headers are not exactly those that were set.
    """
    headers = {
        "From": header_line(sender),
        "To": header_line(recipient),
        "Subject": header_line(digest.rendered.subject),
        "Date": format_datetime(digest.made_at),
        "Message-ID": digest.message_id,
        "List-Id": _list_id(digest),
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMessage(policy=POLICY)
    for name, value in headers.items():
        message[name] = value
    message.set_content(digest.rendered.text)
    message.add_alternative(digest.rendered.html, subtype="html")
    message.set_boundary(f"=_{hashlib.sha256(digest.message_id.encode()).hexdigest()[:32]}")
    content = message.as_bytes()
    _check(content, headers)
    return content


def _list_id(digest: FrozenDigest) -> str:
    """The digest's list (RFC 2919): its schedule at the domain of its Message-ID."""
    domain = digest.message_id.strip("<>").rpartition("@")[2]
    schedule = "".join(char if char.isascii() and char.isalnum() else "-" for char in digest.schedule)
    return f"<{schedule[:LIST_NAME_LENGTH]}.{domain}>"


def _check(content: bytes, headers: Mapping[str, str]) -> None:
    """Read the message again as a server would, so that no header can have brought another with it."""
    read = message_from_bytes(content, policy=default_policy)
    if sorted(read.keys()) != sorted([*headers, "MIME-Version", "Content-Type"]) or read.defects:
        raise ValueError("its headers do not read back as they were set")
    if read["Message-ID"] != headers["Message-ID"]:
        raise ValueError("its Message-ID does not read back as it was set")
    if [address.addr_spec for address in read["To"].addresses] != [parseaddr(headers["To"])[1]]:
        raise ValueError("its recipient does not read back as it was set")


def _failed(error: Exception) -> SendFailed:
    """The failure in one line, permanent only where the server says so of the recipient or the message."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPResponseException):
        final = error.code >= FIRST_PERMANENT and error.code not in LOGIN_REPLIES
        ours = isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
        return SendFailed(one_line(f"{error.code} {error.message}"), permanent=final and ours)
    if isinstance(error, TimeoutError):
        return SendFailed("the mail server did not answer in time", permanent=False)
    return SendFailed(one_line(str(error)) or type(error).__name__, permanent=False)


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    """Leave politely; the message is accepted, and nothing that goes wrong now can change that."""
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=QUIT_TIMEOUT)
