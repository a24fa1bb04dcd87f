"""Nothing that stands before the root element has any effect."""

from __future__ import annotations

import time

import pytest

from monitor.parse.prolog import NETSCAPE, without_declarations

ROOT = b"<rss><channel/></rss>"


@pytest.mark.parametrize(
    ("prolog", "left"),
    [
        (b"", b""),
        (b'<?xml version="1.0"?>\n', b'<?xml version="1.0"?>\n'),
        (b"\xef\xbb\xbf<!DOCTYPE rss>", b"\xef\xbb\xbf"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]>\n", b"\n"),
        (b"<!doctype rss [<!ENTITY a ']>'><!ENTITY b \"<rss>\">] >", b""),
        (b"<!-- <rss> --><!DOCTYPE rss [<!ENTITY a 'b'>]><!-- x -->", b"<!-- <rss> --><!-- x -->"),
        (b"<!DOCTYPE rss [<!-- ]> ' --><?x ]> \" ?><!ATTLIST rss a CDATA 'x'>]>", b""),
        (b"<!DOCTYPE rss SYSTEM 'file:///etc/passwd'>", b""),
        (b'<!DOCTYPE rss PUBLIC "a>b" "c[d" [<!ENTITY % x SYSTEM "http://x/">%x;]>', b""),
        (b"<!DOCTYPE a><!DOCTYPE b [<!ENTITY c 'd'>]>", b""),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'", b""),
        (b"<!DOCTYPE", b"<!DOCTYPE"),
        (b"<!-- -->\n" * 101 + b"<!DOCTYPE rss [<!ENTITY a 'b'>]>", b"<!-- -->\n" * 101),
        (b"<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'x'>", NETSCAPE),
    ],
)
def test_declarations_go_and_the_rest_stays(prolog: bytes, left: bytes) -> None:
    assert without_declarations(prolog + ROOT) == left + ROOT


def test_what_only_looks_like_a_declaration_stays() -> None:
    body = b"<rss><channel><title><![CDATA[<!DOCTYPE x [<!ENTITY a 'b'>]>]]></title></channel></rss>"
    assert without_declarations(body) == body


@pytest.mark.parametrize(
    "unit", [b"<!DOCTYPE ", b"<!DOCTYPE a [", b"<", b"'", b"<!--", b"<?", b"<!ENTITY a '", b"<!DOCTYPE a>", b"<!-- -->"]
)
def test_the_time_is_linear(unit: bytes) -> None:
    def taken(times: int) -> float:
        body = b"<!DOCTYPE x [" + unit * times
        started = time.process_time()
        without_declarations(body)
        without_declarations(body[len("<!DOCTYPE x [") :])
        return time.process_time() - started

    assert taken(100_000) < 8 * max(taken(25_000), 0.02)  # what is quadratic would take sixteen times as long
