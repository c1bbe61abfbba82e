"""What changed between two batches of a tenant, such as a table and the same one corrected: which
companies came and went, and whose programmes came out otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from service.domain.errors import ErrorCode, Refused
from service.domain.evaluation.evaluator import Status
from service.domain.principal import Principal
from service.domain.text import Text
from service.rendering.json_parts import Json
from service.usecases.tenancy.batches import MACHINES, BatchService

if TYPE_CHECKING:
    import pyarrow as pa

MAX_CHANGED = 200
_STATUS, _ERROR = "status.", "error"
# Of facts an answer has the name of its company, and its code.
_NAME, _FACT = "company.name", "company."
_NO_ANSWERS = Text(
    "{name} 不是批次的结果（应由 huice batch 写出，含每个事项的结论）",
    "{name} holds no answers of a batch (made by huice batch, with the status of each programme)",
)
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
    uscc: str | None
    before: int
    after: int
    changes: Sequence[ProgrammeChange]

    @property
    def was_faulty(self) -> bool:
        """Whether its earlier row had an error, and no outcome therefore."""
        return all(change.before is None for change in self.changes)

    @property
    def is_faulty(self) -> bool:
        """Whether the later row has an error, and so no statuses."""
        return all(change.after is None for change in self.changes)


@dataclass(frozen=True, slots=True)
class BatchComparison:
    """How many companies are in both, in the later alone, in the earlier alone; those that came out
    otherwise, so many of `changed` as were asked for, and the place to go on at where there are
    more; how many errors went and came."""

    both: int
    new: int
    gone: int
    changed: int
    listed: Sequence[ChangedCompany]
    following: int | None
    errors_gone: int
    errors_new: int


def compare_batches(
    batches: BatchService,
    principal: Principal,
    earlier: str,
    later: str,
    after: int = 0,
    limit: int = MAX_CHANGED,
) -> BatchComparison:
    """What changed from one batch to another. Rows are paired by credit code, without one by name;
    of several rows of one company the first counts. Raises NotFound, Refused where one of them is
    not done."""
    files = [batches.result(principal, batch, MACHINES) for batch in (earlier, later)]
    return compare_answers(files[0], files[1], after, limit)


def compare_answers(
    earlier: Path, later: Path, after: int = 0, limit: int = MAX_CHANGED
) -> BatchComparison:
    """The same of two files of answers for machines. Raises Refused where one cannot be read or
    holds no answers."""
    # Loaded when batches are compared: until then no library of columns is needed.
    import pyarrow as pa  # noqa: PLC0415

    from service.bulk.inputs import read_batches  # noqa: PLC0415

    tables = []
    for file in (earlier, later):
        schema, parts = read_batches(file)
        if "row" not in schema.names or not any(n.startswith(_STATUS) for n in schema.names):
            raise Refused(_NO_ANSWERS.format(name=file.name), ErrorCode.BAD_REQUEST)
        tables.append(pa.Table.from_batches(parts, schema))
    return _compare(tables[0], tables[1], after, limit)


def _compare(before: "pa.Table", after: "pa.Table", start: int, limit: int) -> BatchComparison:
    was, now = _keys(before), _keys(after)
    left, right = _pairs(was, now)
    changes: dict[int, list[ProgrammeChange]] = {}
    for name in after.schema.names:
        if name.startswith(_STATUS) and name in before.schema.names:
            pairs = zip(_cells(before, name, left), _cells(after, name, right), strict=True)
            for i, (one, other) in enumerate(pairs):
                if one != other:
                    change = ProgrammeChange(
                        name.removeprefix(_STATUS), _status(one), _status(other)
                    )
                    changes.setdefault(i, []).append(change)
    names, rows = _cells(after, _NAME, right), _cells(after, "row", right)
    codes = _cells(after, _code_column(after), right)
    were = _cells(before, "row", left)
    errors = zip(_cells(before, _ERROR, left), _cells(after, _ERROR, right), strict=True)
    faulty = [(bool(one), bool(other)) for one, other in errors]
    return BatchComparison(
        both=len(right),
        new=len(now) - len(right),
        gone=len(was) - len(left),
        changed=len(changes),
        listed=[
            ChangedCompany(names[i], codes[i], were[i], rows[i], changes[i])
            for i in sorted(changes)[start : start + limit]
        ],
        following=start + limit if start + limit < len(changes) else None,
        errors_gone=faulty.count((True, False)),
        errors_new=faulty.count((False, True)),
    )


def _pairs(was: _Keys, now: _Keys) -> tuple[list[int], list[int]]:
    """The rows of the same companies in both: of one code, or of one name where either table has
    no code for it, as before the code was filled in."""
    by_code = {code: place for place, (code, _) in was.items() if code}
    by_name = {name: place for place, (_, name) in reversed(was.items()) if name}
    pairs: dict[int, int] = {}
    for place, (code, name) in now.items():
        if code in by_code:
            earlier = by_code[code]
        elif name not in by_name or (code and was[by_name[name]][0]):
            continue
        else:
            earlier = by_name[name]
        pairs.setdefault(earlier, place)
    return list(pairs), list(pairs.values())


def _code_column(table: "pa.Table") -> str:
    """The column of the codes; nowhere a column where there is none."""
    names = (n for n in table.schema.names if n.startswith(_FACT) and n != _NAME)
    return next(names, _FACT)


def _keys(table: "pa.Table") -> _Keys:
    """Code and name of each company, by the first row that it stands in."""
    everything = range(table.num_rows)
    codes = _cells(table, _code_column(table), everything)
    named = zip(codes, _cells(table, _NAME, everything), strict=True)
    seen: set[str] = set()
    found = {}
    for place, (code, name) in enumerate(named):
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


def comparison_json(comparison: BatchComparison) -> Json:
    """A comparison as plain data."""
    return {
        **{n: getattr(comparison, n) for n in ("both", "new", "gone", "changed")},
        **{n: getattr(comparison, n) for n in ("errors_gone", "errors_new")},
        "items": [
            {
                **{n: getattr(one, n) for n in ("name", "uscc", "before", "after")},
                "changes": [change._asdict() for change in one.changes],
            }
            for one in comparison.listed
        ],
        "next_cursor": None if comparison.following is None else str(comparison.following),
    }
