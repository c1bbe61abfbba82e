"""What a spreadsheet shows beside a number that its cell does not hold: 12.5 %, ¥5,200, 5200万元.

A cell holds 0.125 or 5200; its number format says the rest, and who filled the table has seen it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
_LONGEST_CODE = 255


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
    pieces = list(_pieces(code[:_LONGEST_CODE]))
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


def formats_of(styles: bytes) -> Mapping[str, NumberWords]:
    """What the number formats of a workbook show, by the numbers of its styles as cells name them.
    Raises ValueError."""
    codes: dict[str, str] = {str(number): code for number, code in _BUILT_IN.items()}
    used: list[str] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        tag = name.rpartition(" ")[2]
        if tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            used.append(attributes.get("numFmtId", ""))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name.rpartition(" ")[2] != "cellXfs"

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(styles, True)
    except expat.ExpatError:
        raise ValueError("styles") from None
    words = {number: words_of(code) for number, code in codes.items() if number in set(used)}
    named = ((str(i), words.get(number)) for i, number in enumerate(used))
    return {style: found for style, found in named if found is not None}
