"""Bounded decompression: a small body never becomes a large one in memory. We ask for gzip only and also read deflate."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

from hawkmoth_tui.core.errors import BadResponse

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE_BYTES = 64 * 1024
"""Most that is decompressed at once."""

_GZIP = 16 + zlib.MAX_WBITS
_ZLIB = zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


class Decoder(Protocol):
    """Turns the bytes of the wire into the bytes of the body."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """The body's bytes in `data`, in pieces of at most 64 KB when they were compressed. Raises BadResponse."""


class Plain:
    """Bytes as they came."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if data:
            yield data


class Inflating:
    """gzip of one or several members, or `deflate`: zlib, and the raw form that some servers send under the same name."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._head = b""
        self._inflate = zlib.decompressobj(_GZIP) if is_gzip else None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        try:
            yield from self._inflated(data)
        except zlib.error as error:
            raise BadResponse("the compressed answer is damaged") from error

    def _inflated(self, data: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            self._head += data
            if len(self._head) < 2:
                return
            data = self._head
            self._inflate = zlib.decompressobj(_ZLIB if _is_zlib(data) else _RAW_DEFLATE)
        inflate, piece = self._inflate, b""
        while data or len(piece) == PIECE_BYTES:
            piece = inflate.decompress(data, PIECE_BYTES)
            if piece:
                yield piece
            data = inflate.unconsumed_tail
            if inflate.eof:
                data, piece = (inflate.unused_data.lstrip(b"\x00"), b"") if self._is_gzip else (b"", b"")
                if data:
                    inflate = self._inflate = zlib.decompressobj(_GZIP)


def _is_zlib(head: bytes) -> bool:
    """RFC 1950 §2.2: method 8, and the first two bytes a multiple of 31."""
    return head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0


def decoder_for(content_encoding: str) -> Decoder:
    """The decoder a Content-Encoding header asks for. Raises BadResponse for one that we did not offer."""
    encoding = content_encoding.strip().lower()
    if encoding in ("", "identity", "none"):
        return Plain()
    if encoding in ("gzip", "x-gzip", "deflate"):
        return Inflating(is_gzip=encoding != "deflate")
    raise BadResponse("the answer came in a compression that was not offered")
