"""How `huice batch` shows what it understood of a table, and what it could not read."""

from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from service.cli.context import Context, heads
from service.domain.text import Text, grouped
from service.usecases.portfolio.faults import FaultLog

_HEADS = heads("列 | 表头 | 理解为", "Column | Header | Taken as")

_SHOWN = 20
_WHERE = Text("{sheet}第 {row} 行是表头", "{sheet}row {row} is the header")
_SHEET = Text("工作表“{name}”，", "sheet “{name}”, ")
_THROUGH = Text("不认识，原样带过", "not known, handed through")
_MAYBE = Text("不认识，原样带过；是否指“{label}”？",
              "not known, handed through; did you mean “{label}”?")  # fmt: skip
_IN_UNIT = Text("{label}（按{unit}计）", "{label} (in {unit})")
_READ = (Text("单元格", "Cell"), Text("填写内容", "What stands there"), Text("读作", "Read as"))
_OTHERS = Text("没有读取的工作表：{names}", "sheets that are not read: {names}")
_LOOKED_AT_ALL = Text("看过全部 {count} 家企业", "companies looked at: {count}, all of the table")
_LOOKED_AT = Text(
    "只看过前 {count} 家企业；以下都只说这些",
    "companies looked at: the first {count}; what follows is of these only",
)
_STATED = Text("对全表声明：{label} = {value}", "stated for the whole table: {label} = {value}")
_STATE = Text(
    "  → 对全表声明一个值：--set {fact}=值", "  → state one for the whole table: --set {fact}=VALUE"
)
_LEAVE_OPEN = Text(
    "  → 有读不懂填写的行不作判断；要把某个词按未知处理：--unknown '{fact}={found}'；"
    "要读作某个值：--read '{fact}={found}=值'",
    "  → rows with a cell that cannot be read are not answered; to take a word as unknown:"
    " --unknown '{fact}={found}'; to read it as a value: --read '{fact}={found}=VALUE'",
)
_TAKE = Text(
    "  → 要把这一列作为某个事实：--column {column}={fact}；不采用：--column {column}=",
    "  → to take the column as a fact: --column {column}={fact}; to leave it out:"
    " --column {column}=",
)
_MORE = Text("……共 {count} 处错误", "… {count} faults in all")


def show_preview(context: Context, understood: dict[str, Any], *, to_error: bool) -> None:
    """The columns, and the first rows as they are read."""
    console = Console(stderr=to_error, highlight=False)
    language = context.language
    sheet = understood["sheet"]
    named = _SHEET.format(name=sheet) if sheet else Text("", "")
    console.print(context.translate(_WHERE.format(sheet=named, row=str(understood["header_row"]))))
    table = Table(*(context.translate(h) for h in _HEADS))
    columns = [(c["column"], c["header"], _taken_as(context, c)) for c in understood["columns"]]
    through = [
        (c["column"], c["header"], _unknown_words(context, c)) for c in understood["passed_through"]
    ]
    for row in sorted([*columns, *through], key=lambda c: (len(c[0]), c[0])):
        table.add_row(*map(escape, row))
    console.print(table)
    console.print(_sample_table(context, understood["sample"]))
    looked = understood["looked_at"]
    console.print(
        context.translate(
            (_LOOKED_AT_ALL if looked["whole"] else _LOOKED_AT).format(
                count=grouped(looked["companies"])
            )
        )
    )
    for stated in understood["stated"]:
        said = _STATED.format(label=stated["label"][language], value=stated["words"][language])
        console.print(escape(context.translate(said)))
    for warning in (*understood["warnings"], *understood["remarks"]):
        console.print(f"! {escape(warning[language])}", style="bold")
    if understood["lacking"]:
        console.print(
            escape(context.translate(_STATE.format(fact=understood["lacking"][0]["fact"])))
        )
    near = next((c for c in understood["passed_through"] if c["suggestion"]), None)
    if near is not None:
        said = _TAKE.format(column=near["column"], fact=near["suggestion"]["fact"])
        console.print(escape(context.translate(said)))
    if understood["unreadable"]:
        word = understood["unreadable"][0]
        said = _LEAVE_OPEN.format(fact=word["fact"], found=word["found"] or "")
        console.print(escape(context.translate(said)))
    if understood["other_sheets"]:
        names = ", ".join(understood["other_sheets"])
        console.print(escape(context.translate(_OTHERS.format(names=names))))


def _taken_as(context: Context, column: dict[str, Any]) -> str:
    label = column["label"][context.language]
    if column["unit"]:
        label = context.translate(_IN_UNIT.format(label=label, unit=column["unit"]))
    return f"{label}  {column['fact']}"


def _unknown_words(context: Context, column: dict[str, Any]) -> str:
    near = column["suggestion"]
    return context.translate(_MAYBE.format(label=near[context.language]) if near else _THROUGH)


def _sample_table(context: Context, sample: list[dict[str, Any]]) -> Table:
    table = Table(*(context.translate(h) for h in _READ))
    for row in sample:
        for cell in row["cells"]:
            fault = cell["fault"]
            words = cell["words"] or {}
            read = words.get(context.language) or cell["read_as"] or "?"
            read = f"✗ {fault[context.language]}" if fault else read
            table.add_row(cell["cell"], *map(escape, (cell["found"], read)))
        table.add_section()
    return table


def show_faults(context: Context, log: FaultLog) -> None:
    """The first faults, each with its place, what stands there and what may."""
    for fault in log.faults[:_SHOWN]:
        sheet = f"{fault.sheet}!" if fault.sheet else ""
        place = f"{sheet}{fault.cell}" if fault.cell else f"{fault.row}: {fault.fact}"
        found = f" [{fault.cell_text}]" if fault.cell_text else ""
        why, allowed = context.translate(fault.why), context.translate(fault.allowed)
        click.echo(f"{place} {fault.header}{found}: {why} ({allowed})", err=True)
    if len(log.faults) > _SHOWN:
        click.echo(context.translate(_MORE.format(count=grouped(len(log.faults)))), err=True)
    for remark in log.remark_notes():
        click.echo(context.translate(remark), err=True)
