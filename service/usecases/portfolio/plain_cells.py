"""Which cells of a column need no reading: those that are plain numbers already, or become one by
moving the point."""

from decimal import Decimal

from service.bulk.cell_normalising import MAX_PLACES, PlainForm
from service.bulk.cells import PLACES
from service.domain.facts.vocabulary import Fact, FactType
from service.intake.allowed_values import is_share
from service.intake.currency import ONE
from service.intake.table_columns import TableColumn

# Records in plain characters; any others may be signs that nobody sees, or figures of footnotes.
_JSON_LIST = r"^\[\{[ -~]*\}\]$"


def plain_form(fact: Fact, column: TableColumn) -> PlainForm | None:
    """Cells that are plain numbers, or lists in the form for machines: reading them one by one
    would come to the same. None where only reading tells."""
    if fact.type is FactType.CERTIFICATES:
        return PlainForm(_JSON_LIST)
    if fact.type not in PLACES or fact.unit in ("%", "month") or is_share(fact):
        return None
    if column.unit_fault:
        return None
    places = PLACES[fact.type]
    if column.unit != ONE:
        return _counted_in_unit(column.unit, places) if fact.type is FactType.MONEY else None
    decimals = rf"(?:\.[0-9]{{1,{places}}})?" if places else ""
    if fact.type is not FactType.MONEY or column.says_unit:
        return PlainForm(rf"^-?(?:0|[1-9][0-9]{{0,14}}){decimals}$")
    digits = len(str(column.ambiguous_below)) - 1
    # So large that they cannot be meant in a larger unit, and none.
    return PlainForm(rf"^-?(?:0|[1-9][0-9]{{{digits},14}}){decimals}$")


def _counted_in_unit(unit: Decimal, places: int) -> PlainForm | None:
    """Amounts in 万元 and the like, so small that nobody asks whether they are: down to the last
    decimal that an amount has."""
    exponent = unit.adjusted()
    if unit != Decimal(10) ** exponent or places + exponent > MAX_PLACES:
        return None
    decimals = rf"(?:\.[0-9]{{1,{places + exponent}}})?"
    return PlainForm(rf"^-?(?:0|[1-9][0-9]{{0,5}}){decimals}$", int(unit))
