"""Canonical URLs."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.text.url import canonical_url, shown_url

URL_LIKE = st.one_of(
    st.text(max_size=40),
    st.builds(
        "{}://{}{}{}{}".format,
        st.sampled_from(["http", "HTTPS", "ftp", "mailto"]),
        st.sampled_from(
            ["Example.com", "user@EXAMPLE.com:443", "[::1]:80", "example.com.", "example.com:99999", "", "日本.jp"]
        ),
        st.sampled_from(["", "/", "/a//b", "/A%2f"]) | st.text(max_size=8),
        st.sampled_from(["", "?utm_source=x&id=3", "?a=1&&b=2&fbclid=q", "?", "?UTM_Medium=1"]),
        st.sampled_from(["", "#top", "#"]),
    ),
)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.COM", "https://example.com/"),
        ("http://example.com:80/a#part", "http://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com/a?utm_source=rss&id=7&fbclid=z", "https://example.com/a?id=7"),
        ("https://example.com/?b=2&a=1", "https://example.com/?b=2&a=1"),
        ("  https://example.com./News/Item ", "https://example.com/News/Item"),
        ("http://[2001:db8::1]:80/x", "http://[2001:db8::1]/x"),
        ("mailto:a@b.c", "mailto:a@b.c"),
        ("http://[broken", "http://[broken"),
        ("http://example.com:99999/", "http://example.com:99999/"),
    ],
)
def test_known_forms(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@given(URL_LIKE)
@example("http://a/\x85")
@example("http://a@b@c/")
def test_the_canonical_form_is_its_own_canonical_form(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:secret@example.org/feed?a=b", "https://…@example.org/feed?a=b"),
        ("https://example.org/@user/feed", "https://example.org/@user/feed"),
        ("https://example.org", "https://example.org"),
        ("user:secret@host", "user:secret@host"),
    ],
)
def test_what_may_be_shown_of_an_address(url: str, shown: str) -> None:
    assert shown_url(url) == shown
