"""What commands share: the settings, the language, and the service opened on first use."""

import json
import sys
from collections.abc import Callable, Iterable
from functools import cached_property, update_wrapper
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, cast

import click
from environs import EnvValidationError
from rich.text import Text as Styled

from service.cli.terminal import open_console, printable, table_of
from service.domain.errors import BrokenCatalogue, HuiceError, InvalidInput, NotFound, Refused
from service.domain.text import Text, did_you_mean, first_spoken
from service.settings import Settings, read_settings

if TYPE_CHECKING:
    from service.app import Services

FAULT = 1
Rows: TypeAlias = Iterable[Iterable[str | Styled]]


def heads(zh: str, en: str) -> tuple[Text, ...]:
    """The heads of a table's columns, which stand between bars.

    >>> [head.en for head in heads("编号 | 名称", "Id | Name")]
    ['Id', 'Name']
    """
    return tuple(Text(*both) for both in zip(zh.split(" | "), en.split(" | "), strict=True))


class Context:
    """One invocation's language and service."""

    def __init__(self, language: str | None = None) -> None:
        self._language = language
        self.console = open_console()

    @cached_property
    def settings(self) -> Settings:
        """The settings; where some are wrong, each is told and the command ends."""
        try:
            return read_settings()
        except EnvValidationError as error:
            for name, messages in cast("dict[str, list[str]]", error.error_messages).items():
                click.echo(f"{name}: {' '.join(messages)}", err=True)
            sys.exit(FAULT)

    @cached_property
    def language(self) -> str:
        """The language that was asked for, or else that of the catalogue."""
        if self._language:
            return self._language
        # Imported late: the readers of files are more than many a command needs.
        from service.catalogue.loader import languages_at  # noqa: PLC0415

        return first_spoken(languages_at(self.settings.policies))

    @cached_property
    def huice(self) -> "Services":
        """Today's files, all of whose examples come out: any other way of answering would be a way
        round them."""
        # Imported late: it brings the database and every use case.
        from service.startup import open_today  # noqa: PLC0415

        return open_today(self.settings)

    def translate(self, text: Text) -> str:
        return text.in_language(self.language)

    def table(self, heads: Iterable[Text], rows: Rows) -> None:
        """Print rows of cells under their heads."""
        table = table_of(map(self.translate, heads))
        for row in rows:
            table.add_row(*row)
        self.console.print(table)

    def show(self, found: Any, as_json: bool, heads: Iterable[Text], rows: Rows) -> None:
        """Print what was found, as it is for a machine, else as rows under their heads."""
        if as_json:
            self.out(found)
        else:
            self.table(heads, rows)

    def out(self, data: Any) -> None:
        """Print machine output."""
        click.echo(self.written(data), nl=False)

    def written(self, data: Any) -> str:
        """Data for a machine, as it is printed."""
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"

    def line(self, data: Any) -> str:
        """Data for a machine on one line."""
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    def fail(self, error: HuiceError) -> NoReturn:
        """Say on standard error what is wrong, where, and leave with exit code 1."""
        self.tell(error)
        sys.exit(FAULT)

    def tell(self, error: HuiceError) -> None:
        """Say on standard error what is wrong and where."""
        for line in self._lines(error):
            click.echo(printable(line), err=True)

    def fail_on_file(self, error: OSError) -> NoReturn:
        """Say which file the system refused, and why, and leave with exit code 1."""
        name = "" if error.filename is None else f"{error.filename}: "
        click.echo(f"{name}{error.strerror or error}", err=True)
        sys.exit(FAULT)

    def _lines(self, error: HuiceError) -> list[str]:
        if isinstance(error, InvalidInput):
            return [f"{p.pointer or '/'}: {self.translate(p.message)}" for p in error.problems]
        if isinstance(error, BrokenCatalogue):
            return [self.translate(d.words) for d in error.diagnostics]
        if isinstance(error, NotFound):
            words = Text("没有{kind} {name}", "no {kind} {name}")
            missing = words.format(kind=error.kind, name=error.name)
            return [self.translate(did_you_mean(missing, error.suggestion))]
        if isinstance(error, Refused):
            return [self.translate(error.reason)]
        return [str(error)]


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Hand a command its Context; a HuiceError, or a file that cannot be read or written, becomes
    lines on standard error and exit code 1."""

    @click.pass_obj
    def run(context: Context, *args: Any, **kwargs: Any) -> None:
        try:
            function(context, *args, **kwargs)
        except HuiceError as error:
            context.fail(error)
        except BrokenPipeError:
            raise  # nobody reads on: click ends the command without a word
        except OSError as error:
            context.fail_on_file(error)

    return update_wrapper(run, function)
