"""Mail against real servers: what arrives, what a refusal means, and that no certificate is taken on trust."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from monitor.deliver import email
from monitor.deliver.email import EmailChannel, MailServer, Security, message_bytes
from monitor.domain.digest import SendFailed, Sent

if TYPE_CHECKING:
    from tests.deliver.conftest import Outgo

SENDER = "Monitor <monitor@example.org>"
ATTACK = "=?utf-8?q?x=0d=0aBcc=3a=20victim=40example.com?="


class Mailbox:
    """A handler that keeps what it accepts and answers as told."""

    def __init__(self, *, sender: str = "", rcpt: str = "", data: str = "250 queued as 42") -> None:
        self.received: list[tuple[str | None, list[str], bytes]] = []
        self._sender = sender
        self._rcpt = rcpt
        self._data = data

    async def handle_MAIL(  # noqa: N802 - the same
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._sender:
            return self._sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds handlers by this name and calls them so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._rcpt:
            return self._rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        if self._data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.received.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return self._data


class HangsUpOnQuit(Mailbox):
    """Accepts the message and then breaks the connection instead of saying goodbye."""

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        assert isinstance(server.transport, asyncio.WriteTransport)
        server.transport.abort()
        return "221 Bye"


@asynccontextmanager
async def serving(mailbox: Mailbox, tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[int]:  # noqa: ANN401
    """A mail server in this loop, over implicit TLS where `tls` is set; `options` are those of aiosmtpd's SMTP."""
    connections: list[SMTP] = []

    def connect() -> SMTP:
        connections.append(SMTP(mailbox, hostname="localhost", **options))
        return connections[-1]

    server = await asyncio.get_running_loop().create_server(connect, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for connection in connections:
            hang_up_on(connection)
        await asyncio.sleep(0.01)


def hang_up_on(connection: SMTP) -> None:
    """Close what a client left open; after STARTTLS there are two transports, one within the other."""
    for transport in (connection.transport, connection._original_transport):
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that nobody trusts unless told to."""
    return trustme.CA()


@pytest.fixture
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


def channel(port: int, security: Security = Security.NONE, timeout: float = 10, **login: str) -> EmailChannel:
    server = MailServer("localhost", port, security, **login)
    return EmailChannel(server, SENDER, ("analyst@example.org",), timeout)


def lines(text: str) -> list[str]:
    """Mail ends its lines in CR LF."""
    return text.splitlines()


async def test_message_arrives_as_built_with_both_forms(outgoing: Outgo) -> None:
    mailbox = Mailbox()
    sent = outgoing(recipient="An Analyst <analyst@example.org>")
    async with serving(mailbox) as port:
        assert await channel(port).send(sent) == Sent("queued as 42")
    [(mail_from, recipients, content)] = mailbox.received
    assert (mail_from, recipients) == ("monitor@example.org", ["analyst@example.org"])
    message = message_from_bytes(content, policy=default)
    assert {
        name: message[name] for name in ("From", "To", "Subject", "Message-ID", "Date", "List-Id", "Auto-Submitted")
    } == {
        "From": SENDER,
        "To": "An Analyst <analyst@example.org>",
        "Subject": sent.digest.rendered.subject,
        "Message-ID": sent.digest.message_id,
        "Date": "Tue, 06 May 2025 02:00:00 +0000",
        "List-Id": "<morning.monitor.example.org>",
        "Auto-Submitted": "auto-generated",
    }
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert lines(text.get_content()) == lines(sent.digest.rendered.text)
    assert lines(html.get_content()) == lines(sent.digest.rendered.html)


def test_every_address_is_a_recipient_of_its_own() -> None:
    server = MailServer("localhost", 25, Security.NONE)
    assert EmailChannel(server, SENDER, ["a@example.org", "b@example.org"]).recipients == (
        "a@example.org",
        "b@example.org",
    )


async def test_every_attempt_sends_the_same_bytes(outgoing: Outgo) -> None:
    mailbox = Mailbox()
    async with serving(mailbox) as port:
        for _ in range(2):
            await channel(port).send(outgoing())
    first, second = mailbox.received
    assert first == second


@pytest.mark.parametrize(
    ("mailbox", "permanent", "reason"),
    [
        (Mailbox(data="451 4.3.0 try later"), False, "451 4.3.0 try later"),
        (Mailbox(data="554 5.7.1 spam"), True, "554 5.7.1 spam"),
        (Mailbox(rcpt="550 5.1.1 no such user"), True, "550 5.1.1 no such user"),
        (Mailbox(rcpt="452 4.2.2 mailbox full"), False, "452 4.2.2 mailbox full"),
        (Mailbox(rcpt="530 5.7.0 authentication required"), False, "530 5.7.0 authentication required"),
        (Mailbox(sender="530 5.7.0 authentication required"), False, "530 5.7.0 authentication required"),
        (Mailbox(sender="550 5.7.1 not your address"), False, "550 5.7.1 not your address"),
    ],
)
async def test_refusal_is_permanent_only_where_it_is_of_the_recipient_or_message_and_for_good(
    mailbox: Mailbox, permanent: bool, reason: str, outgoing: Outgo
) -> None:
    async with serving(mailbox) as port:
        assert await channel(port).send(outgoing()) == SendFailed(reason, permanent)
    assert mailbox.received == []


async def test_accepted_message_is_sent_even_when_the_goodbye_fails(outgoing: Outgo) -> None:
    mailbox = HangsUpOnQuit()
    async with serving(mailbox) as port:
        assert await channel(port).send(outgoing()) == Sent("queued as 42")
    assert len(mailbox.received) == 1


async def test_server_that_is_away_may_come_back(outgoing: Outgo) -> None:
    result = await channel(free_port()).send(outgoing())
    assert isinstance(result, SendFailed)
    assert not result.permanent


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 ready\r\n")
    await reader.readline()


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One letter of a greeting that never ends, often enough to reset any timeout on a single read."""
    while not writer.is_closing():
        writer.write(b"2")
        await asyncio.sleep(0.02)


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


@asynccontextmanager
async def raw_server(talk: Talk) -> AsyncIterator[int]:
    """A server of one conversation, whose connections are closed when it ends."""
    tasks: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(converse(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("talk", "reason"), [(hang_up, ""), (say_nothing, "did not answer in time"), (drip, "did not answer in time")]
)
async def test_server_that_breaks_off_or_keeps_us_waiting_may_do_better(
    talk: Talk, reason: str, outgoing: Outgo
) -> None:
    async with raw_server(talk) as port, asyncio.timeout(5):
        result = await channel(port, timeout=0.3).send(outgoing())
    assert isinstance(result, SendFailed)
    assert not result.permanent
    assert reason in result.reason


async def test_a_certificate_of_nobody_known_is_refused_over_starttls_and_tls(
    outgoing: Outgo, server_tls: ssl.SSLContext
) -> None:
    mailbox = Mailbox()
    async with serving(mailbox, tls_context=server_tls) as port:
        starttls = await channel(port, Security.STARTTLS).send(outgoing())
    async with serving(mailbox, server_tls) as port:
        implicit = await channel(port, Security.TLS).send(outgoing())
    for result in (starttls, implicit):
        assert isinstance(result, SendFailed)
        assert not result.permanent
        assert "certificate" in result.reason
    assert mailbox.received == []


async def test_server_without_starttls_gets_no_mail_in_the_clear(outgoing: Outgo) -> None:
    mailbox = Mailbox()
    async with serving(mailbox) as port:
        result = await channel(port, Security.STARTTLS).send(outgoing())
    assert isinstance(result, SendFailed)
    assert not result.permanent
    assert mailbox.received == []


async def test_trusted_certificate_is_taken_over_starttls(
    outgoing: Outgo, trusted: None, server_tls: ssl.SSLContext
) -> None:
    mailbox = Mailbox()
    async with serving(mailbox, tls_context=server_tls, require_starttls=True) as port:
        assert isinstance(await channel(port, Security.STARTTLS).send(outgoing()), Sent)
    assert len(mailbox.received) == 1


async def test_trusted_certificate_is_taken_over_implicit_tls(
    outgoing: Outgo, trusted: None, server_tls: ssl.SSLContext
) -> None:
    mailbox = Mailbox()
    async with serving(mailbox, server_tls) as port:
        assert isinstance(await channel(port, Security.TLS).send(outgoing()), Sent)


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:  # noqa: ANN401
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"monitor", b"s3cret")
    return AuthResult(success=good, handled=False)


async def test_login_is_made_where_a_username_is_set(outgoing: Outgo) -> None:
    mailbox = Mailbox()
    options: dict[str, Any] = {"authenticator": authenticate, "auth_require_tls": False}
    async with serving(mailbox, **options) as port:
        accepted = await channel(port, username="monitor", password="s3cret").send(outgoing())
        refused = await channel(port, username="monitor", password="wrong").send(outgoing())
    assert isinstance(accepted, Sent)
    assert isinstance(refused, SendFailed)
    assert refused.reason.startswith("535")
    assert not refused.permanent, "the password can be cured within the days of the ladder"
    assert "wrong" not in refused.reason
    assert len(mailbox.received) == 1


def test_password_is_in_no_repr() -> None:
    assert "s3cret" not in repr(MailServer("localhost", 25, Security.NONE, "monitor", "s3cret"))


@pytest.mark.parametrize(
    "subject", [ATTACK, f"x {ATTACK}", "x\r\nBcc: victim@example.com", "x\nBcc: victim", "\r\n\r\nbody"]
)
def test_subject_can_bring_no_header(subject: str, outgoing: Outgo) -> None:
    content = message_bytes(outgoing(subject=subject).digest, SENDER, "analyst@example.org")
    message = message_from_bytes(content, policy=default)
    assert "Bcc" not in message
    assert message["To"] == "analyst@example.org"
    assert len(list(message.iter_parts())) == 2


@pytest.mark.parametrize("recipient", [f"{ATTACK} <analyst@example.org>", "analyst@example.org, other@example.org"])
async def test_recipient_that_is_not_one_address_is_never_sent(recipient: str, outgoing: Outgo) -> None:
    mailbox = Mailbox()
    async with serving(mailbox) as port:
        await channel(port).send(outgoing(recipient=recipient))
    assert all("Bcc" not in message_from_bytes(content) for _, _, content in mailbox.received)
    assert all(recipients == ["analyst@example.org"] for _, recipients, _ in mailbox.received)


def test_lines_stay_short_and_seven_bit_whatever_the_text(outgoing: Outgo) -> None:
    content = message_bytes(outgoing(text="長い" * 2000 + "\n.\n").digest, SENDER, "analyst@example.org")
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    text, _ = message_from_bytes(content, policy=default).iter_parts()
    assert text.get_content() == "長い" * 2000 + "\r\n.\r\n"


def test_long_message_id_and_list_id_stay_whole(outgoing: Outgo) -> None:
    digest = outgoing(schedule="a schedule with a long name, every morning and every evening").digest
    content = message_bytes(digest, SENDER, "analyst@example.org")
    assert b"\r\nList-Id: <a-schedule-with-a-long-n.monitor.example.org>\r\n" in content
    assert f"\r\nMessage-ID: {digest.message_id}\r\n".encode() in content


@pytest.mark.parametrize(
    "message_id", ["<a@example.org>\r\nBcc: victim@example.com", "<täglich.1@example.org>", "<a@b> <c@d>"]
)
async def test_message_that_cannot_be_written_as_set_is_never_sent(message_id: str, outgoing: Outgo) -> None:
    sent = outgoing()
    broken = replace(sent.digest, message_id=message_id)
    mailbox = Mailbox()
    async with serving(mailbox) as port:
        result = await channel(port).send(replace(sent, digest=broken))
    assert isinstance(result, SendFailed)
    assert result.permanent
    assert mailbox.received == []


async def test_reading_back_stops_what_neutralising_would_miss(
    outgoing: Outgo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "header_line", str)
    mailbox = Mailbox()
    async with serving(mailbox) as port:
        await channel(port).send(outgoing(subject=ATTACK))
    assert all("Bcc" not in message_from_bytes(content) for _, _, content in mailbox.received)
