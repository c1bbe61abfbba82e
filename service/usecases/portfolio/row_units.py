"""Amounts whose unit or currency stands in another column of their row."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from service.domain.facts.vocabulary import FactType, Vocabulary
from service.intake.currency import SCALES, Currency, currency_of
from service.intake.simplified import folded
from service.intake.table_columns import Layout, TableColumn
from service.intake.written_amounts import BARE_AMOUNT

_IN_FIGURES = re.compile(r"[0-9]")


def with_row_units(
    vocabulary: Vocabulary,
    layout: Layout,
    column: TableColumn,
    cells: pa.Array,
    rows: dict[int, pa.Array],
) -> pa.Array:
    """Amounts with what other columns of their rows say they are in, as if it stood behind them: a
    unit where the amount names none, a currency that is not the catalogue's. `rows` holds the
    cells of each column by its place. Example: 500 beside 万元 becomes 500万元."""
    fact = column.header.fact
    if fact is None or fact.type is not FactType.MONEY:
        return cells
    currency = currency_of(vocabulary, fact)
    for unit_column in layout.row_units:
        if unit_column.fact not in (None, fact.id):
            continue
        its_cells = rows[unit_column.place]
        found = [w for w in pc.unique(its_cells).to_pylist() if w]
        units = [w for w in found if currency.scale(folded(w)) is not None]
        to_extend = _without_unit(cells, currency)
        if column.unit_from == "header":
            to_extend = pc.and_(to_extend, pa.scalar(False))
        if unit_column.is_currency:
            own = [w for w in units if folded(w) in currency.names]
            to_extend = pc.or_(to_extend, pc.invert(_is_one_of(its_cells, units)))
            to_extend = pc.and_not(to_extend, _is_one_of(its_cells, own))
        joined = pc.binary_join_element_wise(cells, _in_words(its_cells, units, currency), "")
        cells = pc.if_else(pc.and_(to_extend, pc.is_valid(its_cells)), joined, cells)
    return cells


def _in_words(cells: pa.Array, units: Sequence[str], currency: Currency) -> pa.Array:
    """Units as they may stand behind an amount: 万 for RMB 10,000."""
    counted = {unit: currency.scale(folded(unit)) for unit in units if _IN_FIGURES.search(unit)}
    words = {
        unit: word
        for unit, scale in counted.items()
        if (word := next((w for w, s in SCALES.items() if s == scale), None)) is not None
    }
    if not words:
        return cells
    places = pc.index_in(cells, value_set=pa.array(list(words), pa.string()))
    return pc.coalesce(pa.array(list(words.values()), pa.string()).take(places), cells)


def _without_unit(cells: pa.Array, currency: Currency) -> pa.Array:
    """Which amounts name no unit; the sign or code of the currency before one (￥5,200) is none."""
    names = "|".join(map(re.escape, currency.names))
    plain = pc.utf8_lower(pc.utf8_normalize(cells, "NFKC"))
    return pc.match_substring_regex(plain, rf"^\s*(?:{names})?\s*{BARE_AMOUNT}$")


def _is_one_of(cells: pa.Array, words: Sequence[str]) -> pa.Array:
    return pc.is_in(cells, value_set=pa.array(words, pa.string()))
