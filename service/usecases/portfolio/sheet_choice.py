"""Which sheet of a file is its table of companies: the one in which the most columns are known."""

from dataclasses import dataclass, field
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
    search = _SheetSearch(HeaderNames(vocabulary), choices)
    for grid in open_grids(path):
        search.look_at(grid)
    if search.best is None:
        raise _why_none(search.failed, path)
    grid, layout = search.best
    choices.check_columns(layout)
    width = layout.column_count
    others = tuple(search.others)
    alike = tuple(name for name in others if search.widths.get(name) == width > 1)
    unseen = tuple(name for name, count in search.hidden.items() if count >= width > 1)
    return CompanyTable(vocabulary, grid, layout, others, choices, alike, unseen)


@dataclass
class _SheetSearch:
    """What the sheets of a file were found to be so far. `widths`, `hidden`: in how many columns of
    those that may be the table, and of hidden ones, facts are known; `failed`: what is wrong with
    the first one that is no table of companies."""

    names: HeaderNames
    choices: TableChoices
    best: tuple[Grid, Layout] | None = None
    others: list[str] = field(default_factory=list)
    widths: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, int] = field(default_factory=dict)
    failed: InvalidInput | None = None

    def look_at(self, grid: Grid) -> None:
        """Raises InvalidInput where one fact stands over two columns of what may be the table."""
        sheet = grid.sheet or ""
        if grid.is_hidden:
            self.hidden[sheet] = _column_count(grid, self.names)
        elif _is_list_of_faults(grid) or (layout := self._layout_of(grid)) is None:
            self.others.append(sheet)
        else:
            self.widths[sheet] = layout.column_count
            self._keep_best(grid, layout)

    def _layout_of(self, grid: Grid) -> Layout | None:
        try:
            return understand(
                grid.head,
                grid.merges,
                self.names,
                grid.first_column,
                self.choices.columns,
                kind_stated=PROJECT_KIND in self.choices.stated,
            )
        except InvalidInput as error:
            if error.problems[0].code is ErrorCode.DUPLICATE_VALUE and _is_poor(self.best):
                raise
            self.failed = self.failed or error
            return None

    def _keep_best(self, grid: Grid, layout: Layout) -> None:
        if self.best is None or layout.column_count > self.best[1].column_count:
            self.others += [self.best[0].sheet or ""] if self.best else []
            self.best = grid, layout
        else:
            self.others.append(grid.sheet or "")


def _why_none(failed: InvalidInput | None, path: Path) -> InvalidInput | Refused:
    """Why no sheet of a file is a table of companies."""
    if failed is None:
        return Refused(_EMPTY, ErrorCode.BAD_REQUEST)
    if path.suffix.lower() == ".csv" and is_by_guess(path):
        problem = failed.problems[0]
        words = _BY_GUESS.format(said=problem.message)
        return InvalidInput((Problem(problem.pointer, problem.code, words),))
    return failed


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
