"""Where a person's table begins, and what each of its columns is.

The header is the line of the first so many in which most names are known. What stands over it is a
title, which may name the unit of all amounts; a header may take two lines, parts of it merged.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.domain.text import LIST_COMMA, Text, did_you_mean, join
from service.intake.currency import currency_of
from service.intake.entry_headers import EntryDetail, EntryHeader, EntryHeaders
from service.intake.faults import shortened
from service.intake.grid import Merge
from service.intake.header_cells import HeaderCells, header_cells
from service.intake.header_units import TableUnit, is_money_unit, unit_said
from service.intake.headers import FIGURES, Header, HeaderNames, read_header
from service.intake.lines_below_header import with_lines_below
from service.intake.place_headers import PlacePart, place_parts
from service.intake.simplified import folded
from service.intake.table_columns import (
    SMALL,
    Layout,
    RowUnit,
    TableColumn,
    column_letters,
    is_period,
)
from service.intake.written_amounts import is_below

_HEADER_WITHIN = 20
_MAX_LISTED = 30
# In one of its first columns a turned table has so many names of facts.
_TURNED_WITHIN, _TURNED = 2, 3
_IS_TURNED = Text(
    "各项的名称写在同一列里，一家企业占一列：请把表转置（复制后“选择性粘贴—转置”），一行一家企业",
    "the names of facts stand below one another, a company in each column: turn the table (paste"
    " special, transpose), so that each company has a row",
)
# A column that says of each row what its amounts are in, all of them or those it names: a unit such
# as 万元, or a currency.
_ROW_UNIT = re.compile(
    r"(?P<about>.{0,30}?)(?:(?:金额|货币|计量|计价)?单位|(?P<currency>(?:结算|记账|货币)?(?:币种|币别)(?:单位)?"
    r"|货币(?:种类|名称)?|currency)|unit)"
)

Cell = str | None


def understand(
    head: Sequence[Sequence[Cell]],
    merges: Iterable[Merge],
    names: HeaderNames,
    first_column: int = 0,
    chosen: Mapping[str, Fact | None] = MappingProxyType({}),
    *,
    kind_stated: bool = False,
) -> Layout:
    """The layout of a table by its first rows. `first_column`: where its cells begin; `chosen`: by
    letters or header what a column is, None for one that is not to be taken; `kind_stated`: whether
    the kind of project is stated for the whole table.

    Raises InvalidInput where no column is known, or one fact stands over two columns.
    """
    header = _find_header(head, merges, names)
    _refuse_turned(head, header, names)
    headers = [(i, read_header(names, *texts)) for i, texts in enumerate(header.texts) if texts]
    by_sender = _chosen_headers(headers, chosen, names, first_column)
    headers = [(i, h) for i, h in headers if i not in by_sender]
    if not any(h.fact for h in (*dict(headers).values(), *by_sender.values())):
        raise _no_column(head, names)
    titles = tuple(c for row in head[: header.first] for c in row if c)
    below = head[header.last + 1 :]
    members, headers = _members_apart(headers, names.vocabulary)
    small = {i for row in below for i, c in enumerate(row) if is_below(c, SMALL)}
    columns = tuple(
        replace(
            _column(i + first_column, h, titles, names),
            has_small=i in small,
            member=members.get(i),
            is_chosen=i in by_sender,
        )
        for i, h in sorted([*headers, *by_sender.items()], key=lambda placed: placed[0])
    )
    columns = _without_unclear(columns, kind_stated=kind_stated)
    row_units = tuple(_row_units(columns, below, first_column, names))
    return Layout(header.row, header.last + 1, columns, titles, _by_fact(columns), row_units)


def _refuse_turned(head: Sequence[Sequence[Cell]], header: HeaderCells, names: HeaderNames) -> None:
    """Raises InvalidInput where names of facts stand below one another, as many as beside one
    another or more: the companies of such a table stand in columns."""
    beside = _count_known_headers(header, names)
    for place in range(_TURNED_WITHIN):
        below = {c for row in head[:_HEADER_WITHIN] if place < len(row) and (c := row[place])}
        known = {names.read(c).fact for c in below} - {None}
        if len(known) >= _TURNED and len(known) > beside:
            raise InvalidInput((Problem("", ErrorCode.UNKNOWN_KEY, _IS_TURNED),))


def _chosen_headers(
    headers: Sequence[tuple[int, Header]],
    chosen: Mapping[str, Fact | None],
    names: HeaderNames,
    first_column: int,
) -> Mapping[int, Header]:
    """The headers of which the sender said what they are, by the letters of the column or by the
    header itself."""
    return {
        i: names.header_of(h.text, chosen[key])
        for i, h in headers
        for key in (column_letters(i + first_column), h.text)
        if key in chosen
    }


def _without_unclear(
    columns: tuple[TableColumn, ...], *, kind_stated: bool
) -> tuple[TableColumn, ...]:
    """The columns without the facts of those of which nothing says which they are of."""
    columns = tuple(_without_register(tuple(_of_one_list(columns))))
    untold = columns if kind_stated else tuple(_without_untold_kinds(columns))
    told_apart = tuple(_without_doubled(untold))
    # Where no fact would be left, which two columns are the same is what is wrong.
    return told_apart if any(c.fact for c in told_apart) else columns


def _find_header(
    head: Sequence[Sequence[Cell]], merges: Iterable[Merge], names: HeaderNames
) -> HeaderCells:
    """The line of which most names are known, with what lines of their own below it say."""
    near = [m for m in merges if m.top < _HEADER_WITHIN]
    found = max(
        (header_cells(head, near, i) for i in range(min(len(head), _HEADER_WITHIN))),
        key=lambda h: (_count_known_headers(h, names), -h.last),
        default=HeaderCells(0, 0, ()),
    )
    return with_lines_below(found, head, names)


def _members_apart(
    headers: Sequence[tuple[int, Header]], vocabulary: Vocabulary
) -> tuple[Mapping[int, EntryHeader | PlacePart], list[tuple[int, Header]]]:
    """What columns say of a fact that several make together; and the headers without the facts that
    they would be by themselves, nor figures where another column says of which year they are."""
    if any(is_period(h.text) for _, h in headers):
        headers = [(i, _without_figure(h)) for i, h in headers]
    entries = EntryHeaders(vocabulary)
    parts = _place_parts(headers, vocabulary)
    headers = [
        (i, Header(h.text, None) if i in parts or _is_term(h, entries) else h) for i, h in headers
    ]
    read = {i: entries.read(h.text) for i, h in headers if not h.fact and i not in parts}
    return {**parts, **{i: entry for i, entry in read.items() if entry}}, headers


def _place_parts(
    headers: Sequence[tuple[int, Header]], vocabulary: Vocabulary
) -> Mapping[int, PlacePart]:
    """The columns that name the place together, unless another is it whole; one that is it alone
    (所在区) is a part beside others."""
    parts = place_parts(vocabulary, [(i, h.text) for i, h in headers])
    facts = {part.fact for part in parts.values()}
    alone = len(parts) == 1
    is_whole = any(h.fact in facts for i, h in headers if h.fact and (alone or i not in parts))
    return {} if is_whole else parts


def _is_term(header: Header, entries: EntryHeaders) -> bool:
    """Whether what is called a period (期限) stands below a certificate's name and is its term."""
    if header.fact is None or header.fact.type is not FactType.INTEGER:
        return False
    held = entries.read(header.text)
    return held is not None and held.says is EntryDetail.TERM


def _of_one_list(columns: Sequence[TableColumn]) -> Iterator[TableColumn]:
    """Columns as they are, but those of another list: where several name companies each begins a
    list of its own, of which the sender's choice is read, or the first. What stands beside another
    name is of another company, unless the sender said what it is."""
    names = [c for c in columns if _names_company(c)]
    chosen = [c.place for c in names if c.is_chosen]
    if len(names) < 2 or len(chosen) > 1:
        yield from columns
        return
    read = chosen[0] if chosen else names[0].place
    begins = 0 if read == names[0].place else read
    ends = min((c.place for c in names if c.place > read), default=columns[-1].place + 1)
    for column in columns:
        if column.fact is None or column.is_chosen or begins <= column.place < ends:
            yield column
        else:
            header = Header(column.header.text, None)
            yield TableColumn(column.place, header, suggestion=column.fact, is_beside=True)


def _names_company(column: TableColumn) -> bool:
    fact = column.header.fact
    return fact is not None and fact.type is FactType.TEXT and fact.owner is Owner.COMPANY


def _without_register(columns: Sequence[TableColumn]) -> Iterator[TableColumn]:
    """Days and numbers of the certificate that a row names are none where no column names it."""
    held = [(c, c.member) for c in columns if isinstance(c.member, EntryHeader)]
    if any(member.says is EntryDetail.NAMED for _, member in held):
        yield from columns
        return
    of_none = {c.place for c, member in held if member.code is None}
    yield from (replace(c, member=None) if c.place in of_none else c for c in columns)


def _without_untold_kinds(columns: Sequence[TableColumn]) -> Iterator[TableColumn]:
    """What any project may have, as 合同金额, tells no kind of project: where no column names one,
    and the sender did not say what it is, it is not taken."""
    named = any(c.header.fact and c.header.fact.id == PROJECT_KIND for c in columns)
    for column in columns:
        fact = column.header.fact
        if named or fact is None or not fact.kind_unsaid or column.is_chosen:
            yield column
        else:
            header = Header(column.header.text, None)
            yield TableColumn(column.place, header, suggestion=fact, lacks_kind=True)


def _without_doubled(columns: Sequence[TableColumn]) -> Iterator[TableColumn]:
    """The columns, without those that are one fact together with others, unless the sender chose
    one of them."""
    count = Counter(c.header.fact.id for c in columns if c.header.fact)
    chosen = Counter(c.header.fact.id for c in columns if c.header.fact and c.is_chosen)
    for column in columns:
        fact = column.header.fact
        if fact is None or count[fact.id] == 1 or (column.is_chosen and chosen[fact.id] == 1):
            yield column
        else:
            is_open = chosen[fact.id] != 1
            header = Header(column.header.text, None)
            yield TableColumn(column.place, header, suggestion=fact, is_doubled=is_open)


def _row_units(
    columns: Sequence[TableColumn],
    below: Sequence[Sequence[Cell]],
    first_column: int,
    names: HeaderNames,
) -> Iterator[RowUnit]:
    """The columns that say what amounts of their rows are in. A column called 单位 may hold names
    of firms: it is one where a cell of it is a unit."""
    currency = currency_of(names.vocabulary)
    own = (c for c in columns if c.header.fact is None and not (c.is_chosen or c.is_beside))
    for column in own:
        found = _ROW_UNIT.fullmatch("".join(column.header.text.split()).casefold())
        about = names.read(found["about"]).fact if found and found["about"] else None
        place = column.place - first_column
        cells = (row[place] for row in below if place < len(row))
        units = any(is_money_unit(folded(cell), currency) for cell in cells if cell)
        if found and (units or (found["currency"] and (about or not found["about"]))):
            is_currency = found["currency"] is not None
            yield RowUnit(column.place, about.id if about else None, is_currency)


def _without_figure(header: Header) -> Header:
    """A figure of whatever year a row is of is not that of the last one."""
    is_figure = header.fact is not None and header.fact.type in FIGURES
    return Header(header.text, None) if is_figure else header


def _count_known_headers(cells: HeaderCells, names: HeaderNames) -> int:
    read = (read_header(names, *texts) for texts in cells.texts if texts)
    return len({header.fact.id for header in read if header.fact})


def _column(place: int, header: Header, titles: Sequence[str], names: HeaderNames) -> TableColumn:
    if header.fact is None:
        return TableColumn(place, header, suggestion=names.suggestion(header.text))
    is_money = header.fact.type is FactType.MONEY
    said = unit_said(titles, currency_of(names.vocabulary, header.fact)) if is_money else None
    fault = _fault_of(said, header)
    if header.scale is not None:
        name = header.unit_name or ""
        return TableColumn(place, header, header.scale, name, "header", unit_fault=fault)
    if said is not None and said.scale is not None:
        return TableColumn(place, header, said.scale, said.name, "title")
    if fault is not None:
        return TableColumn(place, header, unit_name=fault.name, unit_fault=fault)
    name = _unit_name(names.vocabulary, header.fact) if is_money else ""
    return TableColumn(place, header, unit_name=name)


def _fault_of(said: TableUnit | None, header: Header) -> TableUnit | None:
    """What is wrong with the unit above the table for one column: one that names its own unit needs
    none, but the other currency of the table may still be meant by it."""
    if said is None or said.fault is None or (header.scale is not None and not said.is_foreign):
        return None
    return said


def _unit_name(vocabulary: Vocabulary, fact: Fact) -> str:
    """What a bare amount is counted in where nobody says: the currency, as the catalogue's first
    language has it."""
    return currency_of(vocabulary, fact).label.in_language(vocabulary.languages[0])


def _by_fact(columns: Iterable[TableColumn]) -> dict[str, TableColumn]:
    by_fact: dict[str, TableColumn] = {}
    problems = []
    for column in columns:
        fact = column.header.fact
        if fact is None:
            continue
        if fact.id in by_fact:
            problems.append(_twice(fact.label, by_fact[fact.id], column))
        by_fact.setdefault(fact.id, column)
    entries: dict[tuple[str, str | None, EntryDetail], TableColumn] = {}
    for column in columns:
        if isinstance(held := column.member, EntryHeader):
            first = entries.setdefault((held.fact.id, held.code, held.says), column)
            if first is not column:
                problems.append(_twice(held.label, first, column))
    if problems:
        raise InvalidInput(tuple(problems))
    return by_fact


def _twice(label: Text, first: TableColumn, second: TableColumn) -> Problem:
    words = Text(
        "{a} 列“{x}”和 {b} 列“{y}”都是“{fact}”，请只保留一列，或写明不采用其中一列（“{b}=”）",
        "columns {a} “{x}” and {b} “{y}” are both “{fact}”; keep one of them, or leave one out"
        " by choice (“{b}=”)",
    ).format(a=first.letters, x=first.header.text, b=second.letters, y=second.header.text,
             fact=label)  # fmt: skip
    return Problem(f"/{second.letters}", ErrorCode.DUPLICATE_VALUE, words)


def _no_column(head: Sequence[Sequence[Cell]], names: HeaderNames) -> InvalidInput:
    """Names the headers that were looked at, of the fullest row, with what they may mean."""
    fullest = max(head[:_HEADER_WITHIN], key=lambda r: sum(1 for c in r if c), default=())
    seen = [shortened(cell) for cell in fullest if cell][:_MAX_LISTED]
    listed = [Text(text, text) for text in seen]
    near = {f.id: f for c in fullest if c and (f := names.suggestion(c))}
    words = Text(
        "没有一列是认识的事实。表头应是事实的名称或编号，例如“{example}”；看到的是：{seen}",
        "no column is a known fact. A header is a fact's label or id, such as “{example}”;"
        " what stands there: {seen}",
    ).format(
        example=_example(names), seen=join(listed, LIST_COMMA) if listed else Text("空", "nothing")
    )
    pattern = Text("{label} {id}", "{label} {id}")
    meant = (pattern.format(label=f.label, id=i) for i, f in near.items())
    words = did_you_mean(words, join(meant, LIST_COMMA) if near else None)
    return InvalidInput((Problem("", ErrorCode.UNKNOWN_KEY, words),))


def _example(names: HeaderNames) -> Text:
    return next(iter(names.vocabulary.facts.values())).label
