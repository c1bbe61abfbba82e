"""What changed between two batches of a tenant, such as a table and the same one corrected: which
companies came and went, and whose programmes came out otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from service.domain.evaluation.evaluator import Status
from service.domain.principal import Principal
from service.usecases.tenancy.batches import MACHINES, BatchService

if TYPE_CHECKING:
    import pyarrow as pa

MAX_CHANGED = 200
_STATUS, _ERROR = "status.", "error"
_NAME, _USCC = "company.name", "company.uscc"
# Code and name of companies by their row.
_Keys: TypeAlias = dict[int, tuple[str | None, str | None]]


class ProgrammeChange(NamedTuple):
    """A programme whose status is another; None where the row had an error."""

    programme: str
    before: Status | None
    after: Status | None


@dataclass(frozen=True, slots=True)
class ChangedCompany:
    """A company that is in both, with its rows and what came out otherwise."""

    name: str | None
    before: int
    after: int
    changes: Sequence[ProgrammeChange]


@dataclass(frozen=True, slots=True)
class BatchComparison:
    """How many companies are in both, in the later alone, in the earlier alone; those that came out
    otherwise, the first so many of `changed`; how many errors went and came."""

    both: int
    new: int
    gone: int
    changed: int
    listed: Sequence[ChangedCompany]
    errors_gone: int
    errors_new: int


def compare_batches(
    batches: BatchService, principal: Principal, earlier: str, later: str
) -> BatchComparison:
    """By code, or where a row has none by name; of several rows of one company the first. Raises
    NotFound, Refused where one of them is not done."""
    # Loaded when batches are compared: until then no library of columns is needed.
    import pyarrow as pa  # noqa: PLC0415

    from service.bulk.inputs import read_batches  # noqa: PLC0415

    tables = []
    for batch in (earlier, later):
        schema, parts = read_batches(batches.result(principal, batch, MACHINES))
        tables.append(pa.Table.from_batches(parts, schema))
    return _compare(*tables)


def _compare(before: "pa.Table", after: "pa.Table") -> BatchComparison:
    was, now = _keys(before), _keys(after)
    left, right = _pairs(was, now)
    changes: dict[int, list[ProgrammeChange]] = {}
    for name in after.schema.names:
        if name.startswith(_STATUS) and name in before.schema.names:
            pairs = zip(_cells(before, name, left), _cells(after, name, right), strict=True)
            for i, (one, other) in enumerate(pairs):
                if one != other:
                    told = ProgrammeChange(name.removeprefix(_STATUS), _status(one), _status(other))
                    changes.setdefault(i, []).append(told)
    names, rows = _cells(after, _NAME, right), _cells(after, "row", right)
    were = _cells(before, "row", left)
    errors = zip(_cells(before, _ERROR, left), _cells(after, _ERROR, right), strict=True)
    faulty = [(bool(one), bool(other)) for one, other in errors]
    return BatchComparison(
        both=len(right),
        new=len(now) - len(right),
        gone=len(was) - len(left),
        changed=len(changes),
        listed=[
            ChangedCompany(names[i], were[i], rows[i], changes[i])
            for i in sorted(changes)[:MAX_CHANGED]
        ],
        errors_gone=faulty.count((True, False)),
        errors_new=faulty.count((False, True)),
    )


def _pairs(was: _Keys, now: _Keys) -> tuple[list[int], list[int]]:
    """The rows of the same companies in both: of one code, or of one name where either table has
    no code for it, as before the code was filled in."""
    by_code = {code: place for place, (code, _) in was.items() if code}
    by_name = {name: place for place, (_, name) in reversed(was.items()) if name}
    found: dict[int, int] = {}
    for place, (code, name) in now.items():
        if code in by_code:
            earlier = by_code[code]
        elif name not in by_name or (code and was[by_name[name]][0]):
            continue
        else:
            earlier = by_name[name]
        found.setdefault(earlier, place)
    return list(found), list(found.values())


def _keys(table: "pa.Table") -> _Keys:
    """Code and name of each company, by the first row that it stands in."""
    everything = range(table.num_rows)
    told = zip(_cells(table, _USCC, everything), _cells(table, _NAME, everything), strict=True)
    seen: set[str] = set()
    found = {}
    for place, (code, name) in enumerate(told):
        key = code or name
        if key and key not in seen:
            seen.add(key)
            found[place] = code, name
    return found


def _cells(table: "pa.Table", name: str, rows: Sequence[int]) -> list[Any]:
    if name not in table.schema.names:
        return [None] * len(rows)
    whole = table.column(name).to_pylist()
    return [whole[row] for row in rows]


def _status(word: str | None) -> Status | None:
    return None if word is None else Status(word)
