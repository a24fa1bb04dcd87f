"""A response body as it comes in, inflated a bounded step at a time."""

from __future__ import annotations

import zlib
from typing import Final

GZIP, DEFLATE, IDENTITY = "gzip", "deflate", "identity"
CODINGS: Final = {"": IDENTITY, "identity": IDENTITY, "gzip": GZIP, "x-gzip": GZIP, "deflate": DEFLATE}
"""Values of Content-Encoding that are understood; two layers of coding are none of them."""

MEMBER_LIMIT = 100
"""Parts of one gzip stream; a bomb may consist of many empty ones."""

CM_DEFLATE = 8
"""The compression method in the low four bits of zlib's header (RFC 1950, 2.2)."""

_GZIP_MAGIC = b"\x1f\x8b"


class Body:
    """Collects at most `limit` bytes, counted after decoding. `coding` is a value of `CODINGS`."""

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = coding
        self._limit = limit
        self._data = bytearray()
        self._inflater: zlib._Decompress | None = None
        self._members = 0
        self._begun = b""

    @property
    def data(self) -> bytes:
        """What has been decoded so far."""
        return bytes(self._data)

    @property
    def complete(self) -> bool:
        """Whether the compressed stream has come to its end; a plain one always has."""
        return self._inflater is None or (self._inflater.eof and not self._begun)

    def add(self, chunk: bytes) -> bool:
        """Decode one chunk; False when the body is larger than the limit. Raises `zlib.error` for a broken stream."""
        if self._coding == IDENTITY:
            self._data += chunk
            return len(self._data) <= self._limit
        chunk, self._begun = self._begun + chunk, b""
        while chunk:
            if self._follows and chunk == _GZIP_MAGIC[:1]:
                self._begun = chunk  # the next chunk tells whether it begins a member
                return True
            inflater = self._current(chunk)
            if inflater.eof:
                return True  # padding after the stream's end
            self._data += inflater.decompress(chunk, self._limit - len(self._data) + 1)
            if len(self._data) > self._limit:
                return False
            chunk = inflater.unconsumed_tail or inflater.unused_data
        return True

    @property
    def _follows(self) -> bool:
        """Whether a member of a gzip stream has ended, so that another may begin."""
        return self._coding == GZIP and self._inflater is not None and self._inflater.eof

    def _current(self, chunk: bytes) -> zlib._Decompress:
        """The inflater for what comes next: a gzip stream may consist of several members."""
        if self._inflater is None or (self._follows and chunk.startswith(_GZIP_MAGIC)):
            self._members += 1
            if self._members > MEMBER_LIMIT:
                raise zlib.error("too many members")
            self._inflater = zlib.decompressobj(self._window(chunk))
        return self._inflater

    def _window(self, chunk: bytes) -> int:
        """What zlib calls `wbits`. "deflate" should begin with zlib's header (low four bits 8), which some omit."""
        if self._coding == GZIP:
            return 16 + zlib.MAX_WBITS
        return zlib.MAX_WBITS if chunk[0] & 0x0F == CM_DEFLATE else -zlib.MAX_WBITS
