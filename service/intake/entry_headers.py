"""Columns that are each about one entry of a list: 高新技术企业, 高企有效期至, 是否独角兽企业.

A table may have one beside another, or below the entry's name as the name of a group. What a header
says beyond the entry's name tells what its cells say of it; where it says anything else (the batch,
the year, applied for, planned) the column is none of these. Of a code it can say whether it holds,
where the list can leave the rest of its codes open.

A register has the certificate's name in a column (资质名称), and beside it columns of its days and
its number (发证日期, 有效期至, 证书编号).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.text import Text
from service.intake.header_notes import is_about_filling, parts_in_brackets
from service.intake.headers import bare_name
from service.intake.simplified import plain_characters


class EntryDetail(Enum):
    """What the cells of a column say of an entry."""

    WHETHER = auto()
    ISSUED = auto()
    EXPIRES = auto()
    TERM = auto()
    NUMBER = auto()
    NAMED = auto()


_ABOUT = (r"(?:资质|证书|认定|资格|称号|certificate)", r"企业(?:资质|证书|认定|资格|称号)?")
_ENDINGS: tuple[tuple[EntryDetail, str], ...] = (
    (EntryDetail.NUMBER, r"入库编号|登记编号|编号|号码|证号|号|number|no"),
    (
        EntryDetail.EXPIRES,
        (
            r"有效期?至|有效期截[止至](?:日期?)?|有效期到期日?|有效截[止至]日?期?|到期日期?|到期时间"
            r"|截[止至]日期?|失效日期?|validuntil|validto|expireson|expires|expirydate|expiry"
        ),
    ),
    (EntryDetail.TERM, r"(?:有效)?期限|有效期间?|起止日期|validity|term"),
    (
        EntryDetail.ISSUED,
        r"(?:发证|颁证|认定|获得|取得|获批|批准|公告|入库)(?:日期?|时间)|issuedon|issued|dateofissue|issuedate",
    ),
    (EntryDetail.WHETHER, r"|是否|有无|是否持有|是否有效|情况|yesno|held"),
)
_NAMED = re.compile(
    r"(?:企业|公司|所获|已获|持有|获得)*(?:资质|证书|荣誉|称号|资格)(?:证书)?(?:名称|类型|类别|种类)"
)
# What stands before a day or a number that is of the certificate which the row names.
_OF_NAMED = re.compile(r"(?:资质|证书|认定|荣誉|称号|资格)(?:证书)?")
_BARE_DAYS = re.compile(r"(?:发证|颁证|有效期|认定|获得|取得|获批|公告).*")
_HEADING = re.compile(
    r"(?:企业|公司|单位|客户|经营|科技|科创|创新|所获|持有|主要|基本|资质|证书|荣誉|认定|资格|称号"
    r"|属性|标签|类型|[及和与]|情况|信息|资料|概况|事项|其[他它](?!企业|公司|单位|客户))*"
    r"|(?:basic|general|other)(?:information|info|details)?|qualifications?"
)
_BEFORE = re.compile(r"^(?:是否(?:为|属于|持有|获得|具备)?|有无|持有|获得|是不是)")


_Names = dict[str, tuple[Fact, str, Text] | None]
_TABLES = (FactType.CERTIFICATES, FactType.CODES)


@dataclass(frozen=True)
class EntryHeader:
    """A column about one entry of a list: the fact, the code of the entry, and what the cells say
    of it. `code` is None where another column says which certificate it is."""

    fact: Fact
    code: str | None
    label: Text
    says: EntryDetail


class EntryHeaders:
    """Tells the columns that are about one certificate, or one code of a list."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._named: _Names = {}
        self._listed: _Names = {}
        for fact in vocabulary.company:
            codes = vocabulary.codes_of(fact) if fact.type in _TABLES else None
            table = self._named if fact.type is FactType.CERTIFICATES else self._listed
            for entry in codes.codes.values() if codes and codes is not vocabulary.regions else ():
                for name in {
                    bare_name(n) for n in (entry.label.zh, entry.label.en, *entry.aliases)
                }:
                    mine = fact, entry.code, entry.label
                    # A name that two go by is taken for neither.
                    table[name] = None if name in table else mine
        self._fact = next((mine[0] for mine in self._named.values() if mine), None)
        self._vocabulary = vocabulary

    def read(self, header: str) -> EntryHeader | None:
        """What a header says, alone or behind the names of the groups it is in."""
        words = header.split(" ")
        for i in range(len(words)):
            found = self._read(" ".join(words[i:]))
            if found is not None:
                # What stands over a group may make another thing of it, as in a bracket.
                rest = bare_name("".join(words[:i]))
                return found if not rest or _is_heading(rest, found.fact) else None
        return None

    def concerns(self, header: str) -> tuple[Fact, Text] | None:
        """The certificate that a header names together with anything else."""
        bare = bare_name(header)
        named = [n for n, mine in self._named.items() if mine and n in bare and len(n) > 1]
        mine = self._named[max(named, key=len)] if named else None
        return None if mine is None else (mine[0], mine[2])

    def lists(self, header: str) -> tuple[Fact, Text] | None:
        """The list, and its code, that a header is about; of what `read` does not take, cells
        below it cannot say what of the rest of the list holds."""
        found = _named_in(self._listed, bare_name(plain_characters(header)))
        return None if found is None else (found.fact, found.label)

    def _read(self, header: str) -> EntryHeader | None:
        plain = plain_characters(header)
        if (whole := self._split(bare_name(plain))) is not None:
            return whole
        without, notes = parts_in_brackets(plain)
        names = (note for note in notes if not is_about_filling(note))
        return None if any(names) else self._split(bare_name(without))

    def _split(self, bare: str) -> EntryHeader | None:
        return _named_in(self._named, bare) or self._in_register(bare) or self._in_list(bare)

    def _in_list(self, bare: str) -> EntryHeader | None:
        """A column of one code of a list that can leave the others open."""
        found = _named_in(self._listed, bare)
        codes = self._vocabulary.codes_of(found.fact) if found else None
        if found is None or codes is None or found.says is not EntryDetail.WHETHER:
            return None
        return found if codes.rest and found.code != codes.rest else None

    def _in_register(self, bare: str) -> EntryHeader | None:
        """A column of the certificate that another column names, or that one."""
        if self._fact is None:
            return None
        if _NAMED.fullmatch(bare):
            return EntryHeader(self._fact, None, self._fact.label, EntryDetail.NAMED)
        for says, endings in _ENDINGS:
            if says is EntryDetail.WHETHER:
                continue
            for name in _without_ending(bare, endings):
                by_itself = not name and _BARE_DAYS.fullmatch(bare)
                if by_itself or _OF_NAMED.fullmatch(name):
                    return EntryHeader(self._fact, None, self._fact.label, says)
        return None


def _named_in(names: _Names, bare: str) -> EntryHeader | None:
    for start in dict.fromkeys((bare, _BEFORE.sub("", bare))):
        for says, endings in _ENDINGS:
            for name in _without_ending(start, endings):
                if (mine := names.get(name)) is not None:
                    fact, code, label = mine
                    return EntryHeader(fact, code, label, says)
    return None


def _without_ending(text: str, endings: str) -> Iterable[str]:
    """A header without what its end says, and without a word such as 证书 before it."""
    found = re.search(rf"(?:{endings})$", text)
    if found is None:
        return
    name = text[: found.start()]
    yield name
    yield from (re.sub(rf"{about}$", "", name) for about in _ABOUT)


def _is_heading(bare: str, fact: Fact) -> bool:
    names = (fact.label.zh, fact.label.en, *fact.aliases)
    return bare in map(bare_name, names) or bool(_HEADING.fullmatch(bare))
