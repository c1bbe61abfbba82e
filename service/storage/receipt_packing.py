"""Receipts packed: an answer is made of its catalogue's words, so these are its dictionary."""

import hashlib
import threading
import zlib
from collections.abc import Callable

import zstandard

# A receipt has some 900 bytes, so that the time goes into tables that are cleared and filled anew:
# with small ones, and nothing tried twice, it takes half the time of level 3 and leaves 4 to 9 per
# cent more; an answer of 11 kB that is kept whole leaves 4.9 kB in place of 3.9.
_SMALL_AND_FAST = zstandard.ZstdCompressionParameters.from_level(-1, hash_log=12)
_STORED_LEVEL = 9
# What is as small as most receipts is kept as it is: packing takes more of the processor than
# writing half a kilobyte less saves.
PLAIN_BYTES = 1_500
# How the JSON begins that receipts are, and how frames of zstd do.
_JSON = b"{"
_ZSTD = b"\x28\xb5\x2f\xfd"
_mine = threading.local()


class ReceiptPacking:
    """Packs with one dictionary. `digest` names it; None: there is none."""

    def __init__(self, dictionary: bytes = b"") -> None:
        self.digest = hashlib.sha256(dictionary).hexdigest() if dictionary else None
        self._content = dictionary
        self._words = _build_dictionary(dictionary) if dictionary else None

    def stored(self) -> bytes:
        """The dictionary as it is stored."""
        return zstandard.compress(self._content, _STORED_LEVEL)

    def pack(self, content: bytes) -> bytes:
        """The content packed, if it is large."""
        if len(content) <= PLAIN_BYTES and content.startswith(_JSON):
            return content
        return self._compressor().compress(content)

    def _compressor(self) -> zstandard.ZstdCompressor:
        """This thread's: it is not for several at once."""
        digest, found = getattr(_mine, "compressor", (None, None))
        if found is None or digest != self.digest:
            found = zstandard.ZstdCompressor(
                dict_data=self._words, compression_params=_SMALL_AND_FAST
            )
            _mine.compressor = self.digest, found
        compressor: zstandard.ZstdCompressor = found
        return compressor


def unpack_receipt(packed: bytes, digest: str | None, stored: Callable[[str], bytes]) -> bytes:
    """What was packed; `stored` gives a dictionary as it is stored. Receipts were once packed with
    zlib. Raises zstandard.ZstdError and zlib.error."""
    if packed.startswith(_JSON):
        return packed
    if not packed.startswith(_ZSTD):
        return zlib.decompress(packed)
    words = None if digest is None else _build_dictionary(zstandard.decompress(stored(digest)))
    return zstandard.ZstdDecompressor(dict_data=words).decompress(packed)


def _build_dictionary(words: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(words, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
