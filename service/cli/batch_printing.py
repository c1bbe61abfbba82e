"""How `huice batch` shows what it understood of a table, and what it could not read."""

from collections.abc import Iterator
from typing import Any

import click
from rich.table import Table

from service.cli.context import Context, heads
from service.cli.terminal import open_console, printable, table_of
from service.domain.text import Text, did_you_mean, grouped, quoted
from service.intake.faults import shortened
from service.rendering.texts import read_texts
from service.usecases.portfolio.faults import FaultLog

_WORDS = read_texts(__file__)

_HEADS = heads("列 | 表头 | 理解为", "Column | Header | Taken as")

_MAX_SHOWN = 20
_UNREAD = heads("列 | 读不懂的填写 | 行数 | 问题", "Column | Cannot be read | Rows | Why")
_READ = (Text("单元格", "Cell"), Text("填写内容", "What stands there"), Text("读作", "Read as"))


def show_preview(context: Context, understood: dict[str, Any], *, to_error: bool) -> None:
    """The columns, and the first rows as they are read."""
    console = open_console(to_error=to_error)
    sheet = understood["sheet"]
    named = _WORDS["sheet"].format(name=shortened(sheet)) if sheet else Text("", "")
    row = str(understood["header_row"])
    console.print(context.translate(_WORDS["where"].format(sheet=named, row=row)))
    console.print(_column_table(context, understood))
    if sample := understood["sample"]:
        console.print(_sample_table(context, sample))
    if unread := understood["unreadable"]:
        console.print(_unread_table(context, unread[:_MAX_SHOWN]))
    if len(unread) > _MAX_SHOWN:
        console.print(context.translate(_WORDS["more_unread"].format(count=str(len(unread)))))
    for said in _looked_at_and_stated(understood, context.language):
        console.print(context.translate(said))
    for warning in (*understood["warnings"], *understood["remarks"]):
        console.print(f"! {warning[context.language]}", style="bold")
    for said in _ways_on(understood):
        console.print(context.translate(said))


def _column_table(context: Context, understood: dict[str, Any]) -> Table:
    """What each column was taken as, in the order of the table."""
    table = table_of(map(context.translate, _HEADS))
    columns = [
        (c["column"], shortened(c["header"]), _taken_as(context, c)) for c in understood["columns"]
    ]
    through = [
        (c["column"], shortened(c["header"]), _unknown_words(context, c))
        for c in understood["passed_through"]
    ]
    for row in sorted([*columns, *through], key=lambda c: (len(c[0]), c[0])):
        table.add_row(*row)
    return table


def _looked_at_and_stated(understood: dict[str, Any], language: str) -> Iterator[Text]:
    looked = understood["looked_at"]
    words = _WORDS["looked_at_all" if looked["whole"] else "looked_at"]
    yield words.format(count=grouped(looked["companies"]))
    for stated in understood["stated"]:
        label, value = stated["label"][language], stated["words"][language]
        yield _WORDS["stated"].format(label=label, value=value)


def _ways_on(understood: dict[str, Any]) -> Iterator[Text]:
    """What can be chosen of the table, each by its first example, and what of it is not read."""
    for lacking in understood["lacking"][:1]:
        yield _WORDS["state"].format(fact=lacking["fact"])
    near = next((c for c in understood["passed_through"] if c["suggestion"]), None)
    if near is not None:
        yield _WORDS["take"].format(column=near["column"], fact=near["suggestion"]["fact"])
    short = [
        u for u in understood["unreadable"] if u["found"] in (None, shortened(u["found"] or ""))
    ]
    for word in short[:1]:
        yield _WORDS["leave_open"].format(fact=word["fact"], found=word["found"] or "")
    if understood["other_sheets"]:
        yield _WORDS["others"].format(names=", ".join(map(shortened, understood["other_sheets"])))


def _taken_as(context: Context, column: dict[str, Any]) -> str:
    label = column["label"][context.language]
    if column["unit"]:
        label = context.translate(_WORDS["in_unit"].format(label=label, unit=column["unit"]))
    return f"{label}  {column['fact']}"


def _unknown_words(context: Context, column: dict[str, Any]) -> str:
    near = column["suggestion"]
    label = near and quoted(Text(near["zh"], near["en"]))
    return context.translate(did_you_mean(_WORDS["through"], label))


def _sample_table(context: Context, sample: list[dict[str, Any]]) -> Table:
    table = table_of(map(context.translate, _READ))
    for row in sample:
        for cell in row["cells"]:
            fault = cell["fault"]
            words = cell["words"] or {}
            read = shortened(words.get(context.language) or cell["read_as"] or "?")
            read = f"✗ {fault[context.language]}" if fault else read
            table.add_row(cell["cell"], shortened(cell["found"]), read)
        table.add_section()
    return table


def _unread_table(context: Context, unread: list[dict[str, Any]]) -> Table:
    """What cannot be read, and of how many rows, which then have no answers."""
    table = table_of(map(context.translate, _UNREAD))
    for one in unread:
        place = f"{one['column']} {shortened(one['header'])}"
        why = one["why"][context.language]
        table.add_row(place, one["found"] and shortened(one["found"]), grouped(one["rows"]), why)
    return table


def show_faults(context: Context, log: FaultLog) -> None:
    """The first faults, each with its place, what stands there and what may."""
    for fault in log.faults[:_MAX_SHOWN]:
        sheet = f"{fault.sheet}!" if fault.sheet else ""
        place = f"{sheet}{fault.cell}" if fault.cell else f"{fault.row}: {fault.fact}"
        found = f" [{shortened(fault.cell_text)}]" if fault.cell_text else ""
        why, allowed = context.translate(fault.why), context.translate(fault.allowed)
        click.echo(
            printable(f"{place} {shortened(fault.header)}{found}: {why} ({allowed})"), err=True
        )
    if len(log.faults) > _MAX_SHOWN:
        click.echo(
            context.translate(_WORDS["more"].format(count=grouped(len(log.faults)))), err=True
        )
    for remark in log.remark_notes():
        click.echo(printable(context.translate(remark)), err=True)
