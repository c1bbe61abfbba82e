"""Official texts: read, found in a file, taken apart into articles and named parts, and digested.

Pure functions on text. A part's digest is `sha256:` and the hex SHA-256 of the UTF-8 of its
normalised wording: Unicode NFKC, then every white-space and invisible format character removed.
Full and half width, line breaks, indentation and the encoding of a copy therefore do not matter;
a changed character does.

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

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from service.domain.errors import Refused
from service.domain.numerals import chinese_integer
from service.domain.rules.measures import Evidence, Measure
from service.domain.text import Text

HEADING, PREAMBLE, OUTLINE, CLOSING, ANNEX = "heading", "preamble", "outline", "closing", "annex"
Number: TypeAlias = int | str

_NUMERAL = "[一二三四五六七八九十百]+"
_SECTION = re.compile(rf"({_NUMERAL})、|第({_NUMERAL})章")
_ITEM = re.compile(rf"\(({_NUMERAL})\)")
_RULE = re.compile(rf"第({_NUMERAL})条")
# Markers of articles in European languages. They stand at the start of a line, apart from what
# follows: "Article 9 bis" is no article 9.
_ARTICLE_WORDS = (
    "article|artikel|artículo|articolo|artigo", r"art\.", "§+", r"section|sec\.",
    "regulation|rule|clause",
)  # fmt: skip
_LATIN = tuple(
    re.compile(
        rf"(?:{words})\s*(\d{{1,4}}|premier)(?:er|re)?(?![0-9a-z])(?!\s*(?:bis|ter|quater)\b)",
        re.IGNORECASE,
    )
    for words in _ARTICLE_WORDS
)
_LATIN_ANNEX = re.compile("annex|appendix|appendice|anhang|allegato|anexo|schedule", re.IGNORECASE)
_MARKER = re.compile(
    rf"^(?:{_ITEM.pattern}|{_RULE.pattern}|{_SECTION.pattern}"
    rf"|(?:{'|'.join(_ARTICLE_WORDS)})(?:\d{{1,4}}(?:er|re)?|premier)[.:–-]*)",
    re.IGNORECASE,
)
_CLOSING = re.compile("本(若干|实施)?(措施|方案|办法|规定|细则|意见|政策|通知|条例|文件)(自|由|从)")
_ANNEX = re.compile("附件|附录|附表")
_SIGNED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_BRACKETED = re.compile(r"[【(（\[]([^】)）\]]{2,30})[】)）\]]")
# A sentence so short, with more behind it, is a title: 换新补贴。旧船换新的…
_FIRST_STOP = re.compile("([^。，；：、]{2,15})。.")
_STOPS = ("。", "；", "：", "，", ".", ";", ":", ",")
_MAX_HEADING_LENGTH = 60  # characters
_MAX_LABEL_LENGTH = 12  # characters that may stand beside a document number on its line
_TITLE_LINES = 4


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
        return "".join([*(_MARKER.sub("", line) for line in numbered), *lines[len(numbered) :]])

    @property
    def heading(self) -> str:
        """What stands over an article as its title; empty where nothing does: the rest of its first
        line, where the text goes on below, or the words in brackets or before the first stop."""
        first, _, below = self.wording.partition("\n")
        words = _behind_marker(first)
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


def normalise_wording(text: str) -> str:
    """NFKC, without white space and invisible format characters."""
    kept = unicodedata.normalize("NFKC", text)
    return "".join(c for c in kept if not c.isspace() and unicodedata.category(c) != "Cf")


def wording_digest(wording: str) -> str:
    """The digest of a wording, as measure files state it."""
    return f"sha256:{hashlib.sha256(normalise_wording(wording).encode()).hexdigest()}"


def find_measures(text: str, measures: Iterable[Measure]) -> Mapping[str, str]:
    """The text of each official measure that a file holds, by the measure's id, in file order.

    A measure is known by its document number on a line of its own, or by its title at the start of
    a line. Its text runs to the next measure or to the end of the file.
    """
    lines = text.splitlines()
    plain = [normalise_wording(line) for line in lines]
    starts: dict[int, str] = {}
    for measure in measures:
        start = _start_of(plain, measure)
        if measure.evidence is Evidence.OFFICIAL and start is not None:
            starts[start] = measure.id
    bounds = [*sorted(starts), len(lines)]
    return {starts[start]: "\n".join(lines[start:end]) for start, end in pairwise(bounds)}


def _start_of(plain: Sequence[str], measure: Measure) -> int | None:
    number, title = (
        _same_brackets(normalise_wording(measure.number)),
        normalise_wording(measure.title.zh),
    )
    for i, line in enumerate(plain):
        if number in _same_brackets(line) and len(line) <= len(number) + _MAX_LABEL_LENGTH:
            return _notice_start(plain, i, title)
    return next((i for i in range(len(plain)) if _is_title(plain, i, title)), None)


def _same_brackets(text: str) -> str:
    """The brackets around a document number's year are written in many ways."""
    return re.sub("[(\\[【]", "〔", re.sub("[)\\]】]", "〕", text))


def _notice_start(plain: Sequence[str], number: int, title: str) -> int:
    """The line at which a notice begins, whose document number stands on line `number`: that of its
    title where there is one."""
    end = number
    while end > 0 and not plain[end - 1]:
        end -= 1
    start = end
    while start > 0 and plain[start - 1] and not plain[start - 1].endswith("。"):
        start -= 1
    return start if title in "".join(plain[start:end]) else number


def _is_title(plain: Sequence[str], i: int, title: str) -> bool:
    """Whether the title begins with this line; it may run over a few."""
    head = plain[i]
    if not head or not (title.startswith(head) or head.startswith(title)):
        return False
    return "".join(plain[i : i + _TITLE_LINES]).startswith(title)


def title_of(text: str) -> str:
    """The first line of a text that says something: its title, where no notice stands before it."""
    lines = (line.strip().strip("\ufeff《》 ") for line in text.splitlines())
    return next(filter(None, lines), "")


def split(text: str, title: str = "") -> tuple[TextPart, ...]:
    """The parts of one measure's text in its order. `title` tells notice and preamble apart.

    Article numbers must rise: an enumeration inside an article that begins anew stays part of it.
    Without the title the notice is taken to end with the date it is signed on.
    """
    lines = [line.strip().strip("\ufeff") for line in text.splitlines()]
    plain = [normalise_wording(line) for line in lines]
    item = _marker_of(lines)
    begins = (
        bool(_match_marker(item, line) or _SECTION.match(normalise_wording(line))) for line in lines
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


def _marker_of(lines: Sequence[str]) -> re.Pattern[str]:
    """How a text marks its articles."""
    kinds = (_RULE, _ITEM, *_LATIN)
    return next((kind for kind in kinds if any(_match_marker(kind, line) for line in lines)), _ITEM)


def _match_marker(item: re.Pattern[str], line: str) -> re.Match[str] | None:
    """An article's marker at the start of a line; European words are told apart by their blanks."""
    if item in _LATIN:
        return item.match(unicodedata.normalize("NFKC", line).strip())
    return item.match(normalise_wording(line))


def _behind_marker(line: str) -> str:
    """A line without the number of its article, as it is written."""
    plain = unicodedata.normalize("NFKC", line).strip()
    for kind in _LATIN:
        marker = kind.match(plain)
        if marker:
            return plain[marker.end() :].strip(" .:–—-")
    return _MARKER.sub("", normalise_wording(line))


def _article_number(numeral: str) -> int:
    if numeral.isascii():
        return int(numeral) if numeral.isdigit() else 1  # Article premier
    try:
        return chinese_integer(numeral)
    except ValueError:
        return 0


def _preamble_line(plain: Sequence[str], title: str) -> int:
    """The line the measure itself begins on, behind the notice."""
    if title:
        found = [i for i in range(len(plain)) if _is_title(plain, i, title)]
        if found:
            return found[-1]
    signed = [i for i, line in enumerate(plain) if _SIGNED.fullmatch(line)]
    if not signed:
        return len(plain) if any("〔" in line for line in plain) else 0
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
        article = _match_marker(self.item, line)
        if article and (number := _article_number(article[1])) > self.article:
            self.article = number
            return number
        section = _SECTION.match(normal)
        if section and (number := _article_number(section[1] or section[2])) > self.section:
            self.section = number
            return f"section-{number}"
        if _CLOSING.match(normal) and self.current != CLOSING and not self._awaits_text():
            return CLOSING
        if (_LATIN_ANNEX if self.item in _LATIN else _ANNEX).match(normal):
            return ANNEX
        return ANNEX if self.gap and self.current == CLOSING else self.current

    def _awaits_text(self) -> bool:
        """Whether nothing of an article has been read but its title: 第三条 附则."""
        return isinstance(self.current, int) and "。" not in "".join(self.lines[self.current])

    def parts(self) -> tuple[TextPart, ...]:
        if isinstance(self.current, int) and self.rest is not None and self.item not in _LATIN:
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
