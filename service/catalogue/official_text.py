"""Official texts: decoded, and taken apart into articles and named parts. Pure functions on text.

Every character of a measure's text belongs to exactly one part:

heading    the notice that issues the measure: everything before its title is repeated
preamble   from the repeated title to the first section or article
section-N  a section that has a text of its own and not only articles, with its heading
1, 2, …    an article, from its marker to the next: 第一条 or (一); Article 1, Art. 1, § 1,
           Section 1 or Rule 1, whichever of these, in this order, the text has
outline    the heading lines of all other sections
closing    from the sentence on time in force and the like to the end of its paragraph, unless an
           article of which only the title has been read begins with it
annex      whatever follows after that; in Chinese texts also after an empty line behind the last
           article, in others from a line that begins with Annex, Appendix and the like
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from service.catalogue.article_markers import (
    LATIN,
    MARKER,
    SECTION,
    article_number,
    behind_marker,
    marker_of,
    match_marker,
)
from service.catalogue.measures_in_text import is_title
from service.catalogue.normal_wording import normalise_wording, wording_digest
from service.domain.errors import Refused
from service.domain.text import Text

HEADING, PREAMBLE, OUTLINE, CLOSING, ANNEX = "heading", "preamble", "outline", "closing", "annex"
Number: TypeAlias = int | str

_CLOSING = re.compile("本(若干|实施)?(措施|方案|办法|规定|细则|意见|政策|通知|条例|文件)(自|由|从)")
_ANNEX = re.compile("附件|附录|附表")
_LATIN_ANNEX = re.compile("annex|appendix|appendice|anhang|allegato|anexo|schedule", re.IGNORECASE)
_SIGNED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_BRACKETED = re.compile(r"[【(（\[]([^】)）\]]{2,30})[】)）\]]")
# A sentence so short, with more behind it, is a title: 换新补贴。旧船换新的…
_FIRST_STOP = re.compile("([^。，；：、]{2,15})。.")
_STOPS = ("。", "；", "：", "，", ".", ";", ":", ",")
_MAX_HEADING_LENGTH = 60  # characters
_MAX_LABEL_LENGTH = 12  # characters of a line that may be a title with nothing below it


@dataclass(frozen=True, slots=True)
class TextPart:
    """An article by its number, or a named part, in the words of the official text."""

    number: Number
    wording: str

    @property
    def digest(self) -> str:
        return wording_digest(self.wording)

    @property
    def body(self) -> str:
        """The normalised wording without the numbering of articles and sections."""
        lines = [normalise_wording(line) for line in self.wording.splitlines()]
        numbered = lines if self.number == OUTLINE else lines[:1]
        return "".join([*(MARKER.sub("", line) for line in numbered), *lines[len(numbered) :]])

    @property
    def is_signature(self) -> bool:
        """Whether it is nothing but who signed the document, and when."""
        *signers, day = (normalise_wording(line) for line in self.wording.splitlines())
        dated = _SIGNED.fullmatch(day.strip("()")) is not None
        return dated and not any("。" in line for line in signers)

    @property
    def heading(self) -> str:
        """What stands over an article as its title; empty where nothing does: the rest of its first
        line, where the text goes on below, or the words in brackets or before the first stop."""
        first, _, below = self.wording.partition("\n")
        words = behind_marker(first)
        bracketed = _BRACKETED.match(words)
        stopped = _FIRST_STOP.match(words + below.strip()[:1])
        if bracketed:
            return bracketed[1]
        if not isinstance(self.number, int) or len(words) > _MAX_HEADING_LENGTH:
            return stopped[1] if stopped and isinstance(self.number, int) else ""
        if not words.endswith(_STOPS) and (below.strip() or len(words) <= _MAX_LABEL_LENGTH):
            return words
        return stopped[1] if stopped else ""


def decode(content: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else GB 18030 (which holds GBK).

    Raises Refused where it is none of these.
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(
        Text(
            "文件不是纯文本：只能读取 UTF-8、UTF-16 或 GB 18030（GBK）编码的文本。",
            "the file is no plain text in UTF-8, UTF-16 or GB 18030 (GBK)",
        )
    )


def split(text: str, title: str = "") -> tuple[TextPart, ...]:
    """The parts of one measure's text in its order. `title` tells notice and preamble apart.

    Article numbers must rise: an enumeration inside an article that begins anew stays part of it.
    Without the title the notice is taken to end with the date it is signed on.
    """
    lines = [line.strip().strip("\ufeff") for line in text.splitlines()]
    plain = [normalise_wording(line) for line in lines]
    item = marker_of(lines)
    begins = (
        bool(match_marker(item, line) or SECTION.match(normalise_wording(line))) for line in lines
    )
    first = next((i for i, is_first in enumerate(begins) if is_first), None)
    if first is None:
        return (TextPart(HEADING, "\n".join(filter(None, lines))),) if any(plain) else ()
    body = _preamble_line(plain[:first], normalise_wording(title))
    reader = _Reader(item)
    reader.take(HEADING, lines[:body])
    reader.take(PREAMBLE, lines[body:first])
    for line, normal in zip(lines[first:], plain[first:], strict=True):
        reader.read(line, normal)
    return reader.parts()


def _preamble_line(plain: Sequence[str], title: str) -> int:
    """The line the measure itself begins on, behind the notice."""
    if title:
        found = [i for i in range(len(plain)) if is_title(plain, i, title)]
        if found:
            return found[-1]
    signed = [i for i, line in enumerate(plain) if _SIGNED.fullmatch(line)]
    if not signed:
        return 0
    after = signed[-1] + 1
    while after < len(plain) and (not plain[after] or re.fullmatch(r"\(.*\)", plain[after])):
        after += 1
    return after


@dataclass
class _Reader:
    """Reads the lines from the first section or article on, and says which part each belongs to."""

    item: re.Pattern[str]
    lines: dict[Number, list[str]] = field(default_factory=dict)
    current: Number = PREAMBLE
    section: int = 0
    article: int = 0
    gap: bool = False  # an empty line has just been read
    rest: int | None = None  # where, among the current part's lines, the first such gap was

    def take(self, part: Number, lines: Iterable[str]) -> None:
        kept = [line for line in lines if normalise_wording(line)]
        if kept:
            self.lines.setdefault(part, []).extend(kept)

    def read(self, line: str, normal: str) -> None:
        if not normal:
            self.gap = True
            return
        before, self.current = self.current, self._part_of(line, normal)
        if self.current != before:
            self.rest = None
        elif self.gap and self.rest is None:
            self.rest = len(self.lines[self.current])
        self.gap = False
        self.take(self.current, (line,))

    def _part_of(self, line: str, normal: str) -> Number:
        if self.current == ANNEX:
            return ANNEX
        article = match_marker(self.item, line)
        if article and (number := article_number(article[1])) > self.article:
            self.article = number
            return number
        section = SECTION.match(normal)
        if section and (number := article_number(section[1] or section[2])) > self.section:
            self.section = number
            return f"section-{number}"
        if _CLOSING.match(normal) and self.current != CLOSING and not self._awaits_text():
            return CLOSING
        if (_LATIN_ANNEX if self.item in LATIN else _ANNEX).match(normal):
            return ANNEX
        return ANNEX if self.gap and self.current == CLOSING else self.current

    def _awaits_text(self) -> bool:
        """Whether nothing of an article has been read but its title: 第三条 附则."""
        return isinstance(self.current, int) and "。" not in "".join(self.lines[self.current])

    def parts(self) -> tuple[TextPart, ...]:
        if isinstance(self.current, int) and self.rest is not None and self.item not in LATIN:
            kept, rest = (
                self.lines[self.current][: self.rest],
                self.lines[self.current][self.rest :],
            )
            self.lines |= {self.current: kept, ANNEX: rest}
        headings = [n for n, lines in self.lines.items() if _is_heading(n, lines)]
        outline = [line for n in headings for line in self.lines.pop(n)]
        self.take(OUTLINE, outline)
        return tuple(TextPart(n, "\n".join(lines)) for n, lines in self.lines.items())


def _is_heading(number: Number, lines: Sequence[str]) -> bool:
    """Whether a section is nothing but its heading: it has no sentence."""
    return str(number).startswith("section-") and "。" not in "".join(lines)


def numbered(parts: Iterable[TextPart]) -> Mapping[Number, TextPart]:
    """Parts by number or name."""
    return {part.number: part for part in parts}
