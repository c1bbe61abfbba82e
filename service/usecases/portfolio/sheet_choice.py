"""Which sheet of a file is its table of companies: the one in which the most columns are known."""

from pathlib import Path

from service.domain.errors import ErrorCode, InvalidInput, Problem, Refused
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text
from service.domain.wording import sheet_heads
from service.intake.csv_grid import is_by_guess
from service.intake.grid import Grid
from service.intake.grids import open_grids
from service.intake.headers import HeaderNames
from service.intake.table_columns import Layout
from service.intake.table_layout import understand
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.table_choices import NO_CHOICES, TableChoices

_BY_GUESS = Text(
    "{said}。文件不是 UTF-8，是按 GB18030 读取的；如果看到的是乱码，它是别的编码（如 Big5），"
    "请另存为 UTF-8",
    "{said}. The file is no UTF-8 and was read as GB18030; where that is garbled it is in another"
    " encoding, such as Big5: save it as UTF-8",
)
_EMPTY = Text("工作簿中没有数据", "the workbook holds nothing")


def open_company_table(
    vocabulary: Vocabulary, path: Path, choices: TableChoices = NO_CHOICES
) -> CompanyTable:
    """The sheet of a file in which the most columns are known, of several the first.

    Raises InvalidInput where none is, naming what was seen; Refused for what cannot be read.
    """
    names = HeaderNames(vocabulary)
    failed: InvalidInput | None = None
    best: tuple[Grid, Layout] | None = None
    others, widths, hidden = [], dict[str, int](), dict[str, int]()
    for grid in open_grids(path):
        if grid.is_hidden:
            hidden[grid.sheet or ""] = _column_count(grid, names)
            continue
        if _is_list_of_faults(grid):
            others.append(grid.sheet or "")
            continue
        try:
            layout = understand(
                grid.head,
                grid.merges,
                names,
                grid.first_column,
                choices.columns,
                kind_stated=PROJECT_KIND in choices.stated,
            )
        except InvalidInput as error:
            if error.problems[0].code is ErrorCode.DUPLICATE_VALUE and _is_poor(best):
                raise
            failed = failed or error
            others.append(grid.sheet or "")
            continue
        widths[grid.sheet or ""] = layout.column_count
        if best is None or layout.column_count > best[1].column_count:
            others += [best[0].sheet or ""] if best else []
            best = grid, layout
        else:
            others.append(grid.sheet or "")
    if best is None:
        if failed is not None and path.suffix.lower() == ".csv" and is_by_guess(path):
            (problem,) = failed.problems[:1]
            words = _BY_GUESS.format(said=problem.message)
            raise InvalidInput((Problem(problem.pointer, problem.code, words),))
        raise failed or Refused(_EMPTY, ErrorCode.BAD_REQUEST)
    choices.check_columns(best[1])
    alike = tuple(name for name in others if widths.get(name) == best[1].column_count > 1)
    unseen = tuple(n for n, count in hidden.items() if count >= best[1].column_count > 1)
    return CompanyTable(vocabulary, *best, tuple(others), choices, alike, unseen)


def _column_count(grid: Grid, names: HeaderNames) -> int:
    """In how many columns of a sheet facts are known."""
    try:
        return understand(grid.head, grid.merges, names, grid.first_column).column_count
    except InvalidInput:
        return 0


def _is_poor(found: tuple[Grid, Layout] | None) -> bool:
    """Whether there is no table yet but one that may as well be a list of something else."""
    return found is None or found[1].column_count <= 1


def _is_list_of_faults(grid: Grid) -> bool:
    """Whether a sheet is the list of faults of the workbook that a sender was given with the faulty
    rows: it names companies, but a line of it is a fault."""
    heads = (sheet_heads.CELL, sheet_heads.FOUND, sheet_heads.FAULT, sheet_heads.ALLOWED)
    first = set(grid.head[0] if grid.head else ())
    return any(
        first.issuperset(title.in_language(language) for title, _ in heads)
        for language in ("zh", "en")
    )
