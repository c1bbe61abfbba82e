"""What a spreadsheet shows beside a number that its cell does not hold: 12.5 %, ¥5,200, 5200万元.

A cell holds 0.125 or 5200; its number format says the rest, and who filled the table has seen it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import IO, TypeAlias
from xml.parsers import expat

_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(?P<general>General)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_NO_WORD = re.compile(r"[^\w¥￥$€£]|[0-9]")
# A piece of a format, and whether it is text as it stands.
Piece: TypeAlias = tuple[bool, str]
_DIGITS = frozenset((False, sign) for sign in "0#?")
_COMMA: Piece = (False, ",")
# How the words for powers of ten begin.
_MAGNITUDES = {
    3: ("千", "k", "thousand"), 4: ("万", "萬", "w"), 6: ("百万", "百萬", "m"), 8: ("亿", "億"),
}  # fmt: skip
# Signs of days, times, text, fractions and powers.
_OTHER_KINDS = frozenset("ymdhsaeg@/")
_BUILT_IN = {9: "0%", 10: "0.00%"}
_MAX_LENGTH = 20
_MAX_CODE_LENGTH = 255
# Spreadsheets allow 65,490 styles.
_MAX_STYLES = 70_000
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class NumberWords:
    """What stands before and behind a number as it is shown; `scale`: the power of ten that it is
    shown divided by."""

    before: str
    after: str
    percent: bool = False
    scale: int = 0

    def shown(self, number: float) -> str:
        """The number as a person sees it; one that is shown smaller than it is held, with by how
        much, unless the words behind it say that: 5200万元, 52×10^6."""
        value = number * 100 if self.percent else number / 10**self.scale
        named = self.scale and self.after.casefold().startswith(_MAGNITUDES.get(self.scale, ()))
        sign = "%" if self.percent else f"×10^{self.scale}" if self.scale and not named else ""
        return f"{self.before}{value:.15g}{sign}{self.after}"


def words_of(code: str) -> NumberWords | None:
    """What a number format shows of a number beside its digits; None where that is nothing, the
    format is one of days, or text stands among its digits."""
    pieces = list(_pieces(code[:_MAX_CODE_LENGTH]))
    signs = [text for is_literal, text in pieces if not is_literal]
    digits = [i for i, piece in enumerate(pieces) if piece in _DIGITS]
    if not digits or any(sign in _OTHER_KINDS for sign in signs):
        return None
    before, within, after = (
        pieces[: digits[0]],
        pieces[digits[0] : digits[-1]],
        pieces[digits[-1] + 1 :],
    )
    scale = _scale_of(within, after)
    if scale is None:
        return None
    words = NumberWords(_text(before), _text(after), "%" in signs, scale)
    return words if words.before or words.after or words.percent or words.scale else None


def _scale_of(within: Sequence[Piece], after: Sequence[Piece]) -> int | None:
    """The power of ten that a format divides by: three for each comma behind the digits or before
    their point, and as many as stand behind a point that is text (0!.0,). None where other text
    stands among the digits."""
    commas = len(list(takewhile(_COMMA.__eq__, after)))
    if (False, ".") in within:
        whole = within[: within.index((False, "."))]
        commas += len(list(takewhile(_COMMA.__eq__, reversed(whole))))
    texts = [i for i, (is_literal, _) in enumerate(within) if is_literal]
    if not texts:
        return 3 * commas
    if len(texts) > 1 or within[texts[0]][1] != "." or (False, ".") in within:
        return None
    behind = within[texts[0] + 1 :]
    return 3 * commas + 1 + len([piece for piece in behind if piece in _DIGITS])


def _text(pieces: Sequence[Piece]) -> str:
    """The letters and signs of currencies among the pieces."""
    return _NO_WORD.sub("", "".join(text for _, text in pieces))[:_MAX_LENGTH]


def _pieces(code: str) -> Iterator[Piece]:
    """The pieces of a format for positive numbers, each with whether it is text as it stands."""
    for found in _TOKENS.finditer(code):
        literal = found["quoted"] or found["escaped"] or found["currency"]
        if found["other"] == ";":
            return
        if literal:
            yield True, literal
        elif found["general"] or found["other"]:
            yield False, "0" if found["general"] else found["other"].casefold()


def formats_of(styles: IO[bytes]) -> Mapping[str, NumberWords]:
    """What the number formats of a workbook show, by the numbers of its styles as cells name them.
    Raises ValueError for what is no such part, or has more than any workbook."""
    formats = _Formats()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = formats.start, formats.end
    parser.EntityDeclHandler = formats.refuse
    try:
        while block := styles.read(_BLOCK):
            parser.Parse(block)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise ValueError("styles") from None
    words = {number: words_of(formats.codes.get(number, "")) for number in set(formats.used)}
    named = ((str(i), words[number]) for i, number in enumerate(formats.used))
    return {style: shown for style, shown in named if shown is not None}


class _Formats:
    """Follows the part: formats by their numbers, and which of them each style of cells uses."""

    def __init__(self) -> None:
        self.codes = {str(number): code for number, code in _BUILT_IN.items()}
        self.used: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "numFmt":
            code = attributes.get("formatCode", "")[:_MAX_CODE_LENGTH]
            self.codes[attributes.get("numFmtId", "")[:_MAX_LENGTH]] = code
        elif tag == "cellXfs":
            self._inside = True
        elif tag == "xf" and self._inside:
            self.used.append(attributes.get("numFmtId", "")[:_MAX_LENGTH])
        if max(len(self.codes), len(self.used)) > _MAX_STYLES:
            self.refuse()

    def end(self, name: str) -> None:
        self._inside = self._inside and name.rpartition(" ")[2] != "cellXfs"

    def refuse(self, *_: object) -> None:
        raise ValueError("styles")
