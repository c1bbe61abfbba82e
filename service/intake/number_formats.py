"""What a spreadsheet shows beside a number that its cell does not hold: 12.5 %, ¥5,200, 5200万元.

A cell holds 0.125 or 5200; its number format says the rest, and who filled the table has seen it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(?P<general>General)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_NO_WORD = re.compile(r"[^\w¥￥$€£]|[0-9]")
_DIGITS = frozenset((False, sign) for sign in "0#?")
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
    """What stands before and behind a number as it is shown."""

    before: str
    after: str
    percent: bool = False

    def shown(self, number: float) -> str:
        """The number as a person sees it."""
        value = number * 100 if self.percent else number
        sign = "%" if self.percent else ""
        return f"{self.before}{value:.15g}{sign}{self.after}"


def words_of(code: str) -> NumberWords | None:
    """What a number format shows beside the number; None where that is nothing, or the format is
    one of days, or shows the number in another scale than it is held in."""
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
    if after[:1] == [(False, ",")] or any(is_literal for is_literal, _ in within):
        return None
    words = NumberWords(_text(before), _text(after), "%" in signs)
    return words if words.before or words.after or words.percent else None


def _text(pieces: Sequence[tuple[bool, str]]) -> str:
    """The letters and signs of currencies among the pieces."""
    return _NO_WORD.sub("", "".join(text for _, text in pieces))[:_MAX_LENGTH]


def _pieces(code: str) -> Iterator[tuple[bool, str]]:
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
    found = _Formats()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.EntityDeclHandler = found.refuse
    try:
        while block := styles.read(_BLOCK):
            parser.Parse(block)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise ValueError("styles") from None
    words = {number: words_of(found.codes.get(number, "")) for number in set(found.used)}
    named = ((str(i), words[number]) for i, number in enumerate(found.used))
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
