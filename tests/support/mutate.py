"""Bytes spoiled at random, the same for the same seed."""

from __future__ import annotations

import random

PIECES = (
    b"<", b">", b"&", b"\0", b"'", b'"', b"<!", b"<![", b"]]>", b"<!--", b"&#x0;", b"&#99999999;", b"\xff\xfe",
    b"\xef\xbb\xbf", b"<!ENTITY a 'b'>", b"http://[", b"\x1b$B", b"charset=utf-7", b"encoding='utf-32'", b"</", b"=",
    b"/", b"%00", b"//user:pw@h:99999/", b"\xed\xa0\x80",
)  # fmt: skip
"""What readers of markup stumble over."""


def mutant(seed: int, document: bytes) -> bytes:
    """The document with up to eight insertions, losses, changes or repetitions."""
    draw, spoiled = random.Random(seed), bytearray(document)
    for _ in range(draw.randint(1, 8)):
        place = draw.randrange(len(spoiled) + 1)
        match draw.randrange(4):
            case 0:
                spoiled[place:place] = draw.choice(PIECES)
            case 1:
                del spoiled[place : place + draw.randint(1, 30)]
            case 2:
                spoiled[place : place + 1] = bytes([draw.randrange(256)])
            case _:
                start, end = sorted((place, draw.randrange(len(spoiled) + 1)))
                spoiled[place:place] = spoiled[start:end]
    return bytes(spoiled)
