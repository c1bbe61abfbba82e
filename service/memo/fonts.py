"""Which letters no font that is installed here has: asked of fontconfig, since each would be set as
an empty box, and nobody told."""

import ctypes
import unicodedata
from collections.abc import Iterator
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint32, c_void_p
from ctypes.util import find_library
from functools import lru_cache

_CHARSET = b"charset"


class _FontSet(Structure):
    _fields_ = (("count", c_int), ("size", c_int), ("fonts", POINTER(c_void_p)))


def letters_without_font(text: str) -> frozenset[str]:
    """The letters of a text, in whatever script, that no installed font has; all of them where
    fontconfig is absent. What is no letter may be missing: an ornament in somebody's name."""
    left = {sign for sign in text if unicodedata.category(sign).startswith("L")}
    for signs in _installed():
        left = {sign for sign in left if not _library().FcCharSetHasChar(signs, ord(sign))}
        if not left:
            break
    return frozenset(left)


@lru_cache
def _library() -> ctypes.CDLL:
    """Raises OSError where it is absent."""
    library = ctypes.CDLL(find_library("fontconfig") or "libfontconfig")
    for name in ("FcPatternCreate", "FcObjectSetCreate"):
        getattr(library, name).restype = c_void_p
    library.FcObjectSetAdd.argtypes = (c_void_p, c_char_p)
    library.FcFontList.argtypes = (c_void_p, c_void_p, c_void_p)
    library.FcFontList.restype = POINTER(_FontSet)
    library.FcPatternGetCharSet.argtypes = (c_void_p, c_char_p, c_int, POINTER(c_void_p))
    library.FcCharSetHasChar.argtypes = (c_void_p, c_uint32)
    library.FcPatternDestroy.argtypes = (c_void_p,)
    library.FcObjectSetDestroy.argtypes = (c_void_p,)
    return library


@lru_cache
def _installed() -> tuple[c_void_p, ...]:
    """The set of characters of each font. It belongs to the list of fonts, which is kept."""
    try:
        library = _library()
    except OSError:
        return ()
    any_font, asked = library.FcPatternCreate(), library.FcObjectSetCreate()
    library.FcObjectSetAdd(asked, _CHARSET)
    found = library.FcFontList(None, any_font, asked)
    library.FcObjectSetDestroy(asked)
    library.FcPatternDestroy(any_font)
    return tuple(_sets_of(library, found.contents)) if found else ()


def _sets_of(library: ctypes.CDLL, listed: _FontSet) -> Iterator[c_void_p]:
    for font in listed.fonts[: listed.count]:
        signs = c_void_p()
        if library.FcPatternGetCharSet(font, _CHARSET, 0, byref(signs)) == 0:
            yield signs
