"""Words of strangers made safe to show: one line, and nothing in it that steers a screen, a header or a neighbour."""

from __future__ import annotations

import unicodedata

_STEERING = {
    **dict.fromkeys(range(0x202A, 0x202F)),  # embeddings and overrides: left open, they turn the text after them
    **dict.fromkeys(range(0x2066, 0x206A)),  # isolates, the same
    **dict.fromkeys(range(0xE0000, 0xE0080)),  # tags: letters nobody sees
    **dict.fromkeys(range(0xFFF9, 0xFFFC)),  # interlinear annotation
}
"""Format characters to drop. The joiners stay: Devanagari and emoji need them; so do the plain direction marks."""

_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Controls (ESC among them), lone surrogates, and the separators that end a line."""


def one_line(text: str) -> str:
    """`text` on one line: controls and surrogates become spaces, runs of white space one, steering marks go.

    Right-to-left text keeps its order, as that follows from its letters.
    """
    spaced = (" " if unicodedata.category(char) in _UNSEEN else char for char in text.translate(_STEERING))
    return " ".join("".join(spaced).split())


def header_line(text: str) -> str:
    """`text` fit for a mail header: one line, and no encoded word that a header parser would decode.

    CPython before 3.11.10 and 3.12.5 wrote the line ends of a decoded word into the message (CVE-2024-6923).
    """
    return one_line(text).replace("=?", "= ?")
