"""What a command reads: profile files, and the options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import command

if TYPE_CHECKING:
    from service.intake.batch_choices import ChoicesRequest


class DayOption(click.DateTime):
    """A day of the years that requests may name, too: rules reckon with days around it."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        # Imported late: most commands name no day.
        from service.intake.values import FIRST_YEAR, LAST_YEAR  # noqa: PLC0415

        day = super().convert(value, param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}", param, ctx)
        return day


DAY = DayOption(["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
for_a_machine = click.option("--json", "as_json", is_flag=True, help="For a machine.")
as_of = click.option("--as-of", type=DAY, help="The day to judge by (default: today).")


def of_table(function: Callable[..., None]) -> Callable[..., None]:
    """What a sender may say of a whole table: `stated`, `unknown`, `columns`, `read`, `within`."""
    stated = click.option(
        "--set", "stated", multiple=True, metavar="FACT=VALUE",
        help="State a fact for every row that does not: company.kind=enterprise. May be repeated.",
    )  # fmt: skip
    unknown = click.option(
        "--unknown", multiple=True, metavar="FACT[=WORD]",
        help="Take this word, or whatever cannot be read of the fact, as unknown: the row is then "
        "answered. May be repeated.",
    )  # fmt: skip
    columns = click.option(
        "--column", "columns", multiple=True, metavar="COLUMN=FACT",
        help="Take this column, by its letters or header, as a fact: C=company.revenue; C= leaves "
        "it out. May be repeated.",
    )  # fmt: skip
    read = click.option(
        "--read", multiple=True, metavar="FACT=WORD=VALUE",
        help="Read a word of a fact's cells as a value, such as a code. May be repeated.",
    )  # fmt: skip
    within = click.option(
        "--within", metavar="PLACE",
        help="Look for places within this one, by name or code, where a name is that of several.",
    )  # fmt: skip
    return stated(unknown(columns(read(within(function)))))


def choices_asked(asked: dict[str, Any]) -> "ChoicesRequest":
    """What was said of a whole table."""
    # Imported late: few commands read a table.
    from service.intake.batch_choices import ChoicesRequest  # noqa: PLC0415

    return ChoicesRequest(
        asked["stated"], asked["unknown"], asked["columns"], asked["read"], asked["within"]
    )


tenant = click.option("--tenant", required=True, help="Whose: a short name of your choice.")


def of_tenant(function: Callable[..., None]) -> Callable[..., None]:
    """A command that lists what a tenant has, and also prints it for a machine."""
    return tenant(as_json(command(function)))


def about_profile(function: Callable[..., None]) -> Callable[..., None]:
    """A command about the profile in FILE on a day, which also prints what the API answers."""
    return click.argument("file", type=FILE)(as_of(as_json(command(function))))


def request_of(profile: Any, day: Any, statuses: tuple[str, ...] = ()) -> dict[str, Any]:
    """A request of the API for a profile file, which may also be such a request itself."""
    whole = isinstance(profile, dict) and "profile" in profile
    request = dict(profile) if whole else {"profile": profile}
    if day is not None:
        request["as_of"] = day.date().isoformat()
    if statuses:
        request["statuses"] = list(statuses)
    return request
