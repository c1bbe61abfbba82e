"""Columns of certificates, read by Arrow and brought down to what the rules can tell apart.

No two companies have the same certificate: each has its own number and days. What a rule sees of it
is its category and on which side of a few days (the day of the evaluation, the ends of a standard)
its own days lie. So each certificate is replaced by one that stands for all those that every rule
takes alike, and of a million different cells some hundreds remain to be judged.

A cell that is not plainly sound is left to the fact's own reader, which knows what is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json
from numpy.typing import NDArray

from service.bulk.cells import CellReader, InvalidCell, Reader, ReadWords
from service.bulk.tables import unique_rows
from service.bulk.turning_days import TurningDays, day_classes, day_of_class
from service.domain.cache import BoundedCache
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate, Value
from service.domain.facts.vocabulary import Fact

_EPOCH = date(1970, 1, 1).toordinal()
# The days that a certificate may have, as Arrow counts them.
_FIRST, _LAST = (day.toordinal() - _EPOCH for day in (date(1900, 1, 1), date(2200, 12, 31)))
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_CONTROLS = r"[\x00-\x1f\x7f-\x{9f}]"
# A longer number is left to the fact's own reader.
_MAX_LENGTH = 100
_KNOWN_CACHE_SIZE = 50_000
# Longer lists are left to the fact's own reader.
_MAX_LISTED = 20
# So few cells are read one by one rather than halved once more in search of the one that is wrong.
_MAX_READ_ONE_BY_ONE = 16
_RECORD = pa.struct(
    [
        *((name, pa.string()) for name in ("category", "issued_on", "expires_on", "number")),
        ("unsure", pa.bool_()),
    ]
)
_CELLS = pa.schema([("held", pa.list_(_RECORD))])
_NONE = np.iinfo(np.int32).max


class _HashedCertificates(tuple[Certificate, ...]):  # noqa: SLOT001  # a tuple's own slots cannot be added to
    """Certificates that know their hash: every table of a batch looks them up again."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()


class CertificateReader(CellReader):
    """Reads the columns of one fact that holds certificates."""

    def __init__(self, fact: Fact, read: Reader, codes: CodeList, days: TurningDays) -> None:
        super().__init__(fact, read)
        self.codes, self.days = codes, days
        self._categories: list[str] = []
        self._places: dict[str, int] = {}
        self._cache: BoundedCache[bytes, Value] = BoundedCache(_KNOWN_CACHE_SIZE)
        self._certificates: dict[int, Certificate] = {}

    def read_all(self, words: pa.Array) -> ReadWords:
        """What each word of a dictionary says, all that is sound by columns."""
        place = np.full(len(words) + 1, -1, np.int32)
        values: list[Value] = []
        stated = np.flatnonzero(pc.is_valid(words).to_numpy(zero_copy_only=False))
        for rows in self._parsed(words, stated):
            sound, codes = self._codes(rows.certificates)
            ids, some = unique_rows(codes[sound])
            place[rows.at[sound]] = len(values) + ids
            values += [self._value(kinds) for kinds in codes[sound][some]]
        wrong = {}
        for i in stated[place[stated] < 0].tolist():
            found = self.read_word(words[i].as_py())
            if isinstance(found, InvalidCell):
                wrong[i] = found.text
            else:
                place[i] = len(values)
                values.append(self.representative(found))
        return ReadWords(words, place, values, wrong)

    def representative(self, value: Value) -> Value:
        """The value with each certificate replaced by the one that stands for all that rules cannot
        tell from it."""
        if not isinstance(value, tuple):
            return value
        return tuple(self.days.representative(c) for c in value if isinstance(c, Certificate))

    def _parsed(self, words: pa.Array, at: NDArray[np.intp]) -> "Iterator[_Parsed]":
        """The cells that are JSON of the right shape. Where a cell is not, those beside it are
        found by halving."""
        held = _json_lists(words.take(pa.array(at))) if len(at) else None
        if held is not None:
            yield _Parsed(at, held)
        elif len(at) > _MAX_READ_ONE_BY_ONE:
            middle = len(at) // 2
            yield from self._parsed(words, at[:middle])
            yield from self._parsed(words, at[middle:])
        else:
            for i in range(len(at)):
                one = at[i : i + 1]
                held = _json_lists(words.take(pa.array(one)))
                if held is not None:
                    yield _Parsed(one, held)

    def _codes(self, held: pa.ListArray) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
        """Which cells are sound; and for each cell the kinds of its certificates as numbers, in
        rising order."""
        records = held.flatten()
        numbers, sound = self._kinds(records)
        counts = held.value_lengths().to_numpy(zero_copy_only=False)
        width = int(counts.max(initial=0))
        owner = np.repeat(np.arange(len(held)), counts)
        ends = np.cumsum(counts)
        within = np.arange(len(records)) - np.repeat(ends - counts, counts)
        codes = np.full((len(held), width), _NONE, np.int32)
        codes[owner, within] = numbers
        codes.sort(axis=1)
        good = counts <= _MAX_LISTED
        good[owner[~sound]] = False
        return good, codes

    def _kinds(self, records: pa.StructArray) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Each certificate's kind: category, day of issue, last day and whether it is held as
        numbers put together."""
        category = self._category(records.field("category"))
        issued = _day_numbers(records.field("issued_on"))
        expires = _day_numbers(records.field("expires_on"))
        number, unsure = records.field("number"), _flags(records.field("unsure"))
        bare = (issued == 0) & (expires == 0) & pc.is_null(number).to_numpy(zero_copy_only=False)
        length = pc.fill_null(pc.utf8_length(number), 1).to_numpy(zero_copy_only=False)
        controls = pc.fill_null(pc.match_substring_regex(number, _CONTROLS), False)
        sound = (
            (category >= 0)
            & (issued >= 0)
            & (expires >= 0)
            & ((issued == 0) | (expires == 0) | (issued <= expires))
            & (length > 0)
            & (length <= _MAX_LENGTH)
            & ~controls.to_numpy(zero_copy_only=False)
            & (bare | ~unsure)
            & records.is_valid().to_numpy(zero_copy_only=False)
        )
        begun = day_classes(self.days.issued, issued)
        over = day_classes(self.days.expires, expires)
        wide = len(self.days.expires) + 2
        kinds = (category * (len(self.days.issued) + 2) + begun) * wide + over
        return (kinds * 2 + unsure).astype(np.int32), sound

    def _category(self, column: pa.Array) -> NDArray[np.int64]:
        """The place of each category, -1 for none and for what is none."""
        encoded = column.dictionary_encode()
        places = [self._place(code) for code in encoded.dictionary.to_pylist()]
        ids = encoded.indices.fill_null(len(places)).to_numpy(zero_copy_only=False)
        found: NDArray[np.int64] = np.array([*places, -1], np.int64)[ids]
        return found

    def _place(self, code: str) -> int:
        if code not in self._places:
            if code not in self.codes:
                return -1
            self._places[code] = len(self._categories)
            self._categories.append(code)
        return self._places[code]

    def _value(self, codes: NDArray[np.int32]) -> Value:
        key = codes.tobytes()
        found = self._cache.get(key)
        if found is None:
            kinds = codes[codes < _NONE].tolist()
            found = self._cache.keep(
                key, _HashedCertificates(self._certificate(kind) for kind in kinds)
            )
        return found

    def _certificate(self, kind: int) -> Certificate:
        certificate = self._certificates.get(kind)
        if certificate is None:
            kinds, unsure = divmod(kind, 2)
            rest, over = divmod(kinds, len(self.days.expires) + 2)
            category, begun = divmod(rest, len(self.days.issued) + 2)
            certificate = self._certificates[kind] = Certificate(
                self._categories[category],
                day_of_class(self.days.issued, begun),
                day_of_class(self.days.expires, over),
                unsure=bool(unsure),
            )
        return certificate


@dataclass(frozen=True)
class _Parsed:
    """Cells by their places, and what stands in them."""

    at: NDArray[np.intp]
    certificates: pa.ListArray


def _json_lists(words: pa.Array) -> pa.ListArray | None:
    """The lists of records that these cells hold; None where one is not plainly such a list."""
    bare = pc.if_else(pc.equal(words, "-"), "[]", words)
    lines = pc.binary_join_element_wise('{"held":', bare, "}\n", "").buffers()[2]
    # A cell that brings a line of its own could pass for two.
    if lines.to_pybytes().count(b"\n") != len(words):
        return None
    try:
        table = pa.json.read_json(
            pa.BufferReader(lines),
            read_options=pa.json.ReadOptions(use_threads=False, block_size=lines.size + 1),
            parse_options=pa.json.ParseOptions(
                explicit_schema=_CELLS, unexpected_field_behavior="error"
            ),
        )
    except (pa.ArrowException, ValueError):
        return None
    held = table.column("held").combine_chunks()
    return held if len(held) == len(words) and not held.null_count else None


def _day_numbers(column: pa.Array) -> NDArray[np.int64]:
    """Days as their number among days; 0 for none, -1 for what is not plainly one."""
    encoded = column.dictionary_encode()
    words = encoded.dictionary
    days = np.full(len(words) + 1, -1, np.int64)
    days[-1] = 0
    plain = np.flatnonzero(pc.match_substring_regex(words, _ISO).to_numpy(zero_copy_only=False))
    written = words.take(pa.array(plain))
    try:
        read = written.cast(pa.date32()).cast(pa.int32()).to_numpy()
    except pa.ArrowInvalid:  # a 30 February among them
        read = np.array([_day_number(text) for text in written.to_pylist()])
    days[plain] = np.where((read >= _FIRST) & (read <= _LAST), read + _EPOCH, -1)
    found: NDArray[np.int64] = days[encoded.indices.fill_null(len(words)).to_numpy()]
    return found


def _flags(column: pa.Array) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pc.fill_null(column, False).to_numpy(zero_copy_only=False)
    return found


def _day_number(text: str) -> int:
    """A day as Arrow counts it; for what is none a number before all that are allowed."""
    try:
        return date.fromisoformat(text).toordinal() - _EPOCH
    except ValueError:
        return _FIRST - 1
