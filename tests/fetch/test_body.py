"""Inflating within bounds."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.fetch.body import DEFLATE, GZIP, IDENTITY, MEMBER_LIMIT, Body

WIDE = 1_000_000


def fill(body: Body, data: bytes, step: int) -> bool:
    return all(body.add(data[at : at + step]) for at in range(0, len(data), step))


@settings(deadline=None)
@given(st.binary(max_size=2000), st.sampled_from([IDENTITY, GZIP, DEFLATE]), st.integers(1, 300))
def test_any_body_survives_any_chunking(data: bytes, coding: str, step: int) -> None:
    coded = {IDENTITY: data, GZIP: gzip.compress(data), DEFLATE: zlib.compress(data)}[coding]
    body = Body(coding, WIDE)
    assert fill(body, coded, step)
    assert body.complete
    assert body.data == data


def test_deflate_without_its_header_is_understood() -> None:
    raw = zlib.compressobj(wbits=-15)
    body = Body(DEFLATE, WIDE)
    assert body.add(raw.compress(b"feed" * 100) + raw.flush())
    assert body.data == b"feed" * 100


def test_gzip_of_several_members_and_padding_is_one_body() -> None:
    body = Body(GZIP, WIDE)
    assert body.add(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 20)
    assert body.data == b"one two"


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_a_chunk_may_end_anywhere_between_two_members(step: int) -> None:
    first = gzip.compress(b"one ", mtime=0)
    coded = first + gzip.compress(b"two", mtime=0)
    for start in range(len(first) - 2, len(first) + 3):
        body = Body(GZIP, WIDE)
        assert body.add(coded[:start])
        assert body.complete is (start == len(first))
        assert fill(body, coded[start:], step)
        assert body.complete
        assert body.data == b"one two"


def test_a_bomb_is_stopped_at_the_limit_in_small_memory() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    body = Body(GZIP, 10_000)
    assert not body.add(bomb)
    assert len(body.data) == 10_001


def test_a_body_of_exactly_the_limit_passes() -> None:
    body = Body(GZIP, 1000)
    assert body.add(gzip.compress(b"x" * 1000))
    assert body.complete


def test_a_truncated_stream_is_not_complete() -> None:
    body = Body(GZIP, WIDE)
    body.add(gzip.compress(b"news" * 1000)[:-10])
    assert not body.complete


@pytest.mark.parametrize("data", [b"<rss/>", gzip.compress(b"", mtime=0) * (MEMBER_LIMIT + 1)])
def test_a_broken_stream_and_one_of_too_many_members_raise(data: bytes) -> None:
    with pytest.raises(zlib.error):
        Body(GZIP, WIDE).add(data)
