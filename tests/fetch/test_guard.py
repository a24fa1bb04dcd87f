"""Which addresses a fetch may connect to."""

from __future__ import annotations

import socket

import pytest

from monitor.fetch.guard import Guard, RefusedAddressError, refusal

REFUSED = [
    "0.0.0.0",  # noqa: S104 - nothing is bound
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",  # carrier-grade NAT
    "127.0.0.1",
    "127.1.2.3",
    "169.254.169.254",  # cloud metadata
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",  # 6to4 relay
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",  # IPv4-compatible
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::127.0.0.1",  # NAT64
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",  # discard only
    "2001::1",  # Teredo
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::1",  # 6to4 of 127.0.0.1
    "2002:c0a8:101::",
    "2002:7f00:1::5efe:808:808",  # 6to4 of 127.0.0.1 around an ISATAP address
    "2606:4700::5efe:127.0.0.1",  # ISATAP
    "2606:4700::200:5efe:10.0.0.1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "localhost",
    "127.1",
    "2130706433",
    "",
]

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "100.63.255.255",
    "172.15.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
    "2606:4700::200:5efe:8.8.8.8",
]


@pytest.mark.parametrize("address", REFUSED)
def test_anything_but_global_unicast_is_refused_with_a_reason(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_not_refused(address: str) -> None:
    assert refusal(address) is None


def test_the_reason_names_what_an_address_leads_to() -> None:
    assert refusal("2002:7f00:1::1") == "2002:7f00:1::1 leads to 127.0.0.1, which is not public"


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1", 80, True),
        ("127.0.0.1:8080", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", 8081, False),
        ("Intranet.Example", "intranet.example", 443, True),
        ("intranet.example", "feeds.intranet.example", 443, False),
        ("::1", "::1", 80, True),
        ("[::1]:8080", "::1", 8080, True),
        ("[::1]:8080", "::1", 80, False),
    ],
)
def test_allowed_hosts_are_matched_whole_with_or_without_port(entry: str, host: str, port: int, allowed: bool) -> None:
    assert Guard([entry]).allows(host, port) is allowed


def test_a_socket_outside_any_request_is_refused() -> None:
    with pytest.raises(RefusedAddressError):
        Guard(["127.0.0.1"]).open_socket(_address("127.0.0.1"))


def test_within_a_request_the_refusal_is_noted_for_its_message() -> None:
    guard = Guard()
    with guard.hop("rebinding.example", 80) as hop, pytest.raises(RefusedAddressError):
        guard.open_socket(_address("127.0.0.1"))
    assert hop.refusals == ["127.0.0.1 is not a public address"]


def test_an_allowed_host_opens_a_socket_wherever_it_lives() -> None:
    guard = Guard(["intranet.example"])
    with guard.hop("intranet.example", 80), guard.open_socket(_address("10.0.0.1")) as opened:
        assert opened.family == socket.AF_INET


def _address(host: str) -> tuple[object, ...]:
    return socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, 80)
