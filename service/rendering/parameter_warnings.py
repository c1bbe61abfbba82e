"""What is told where a public figure that programmes reckon with is not known on the day, or on
another that an applicant states."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from service.domain.facts.parameters import Parameter
from service.domain.facts.profile import Profile
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import ParameterOn, ParameterQuantity, ProjectTotal, Quantity
from service.domain.text import Text, join
from service.rendering.json_parts import Json, text_json

MAX_NAMED = 3
_BEYOND = Text(
    "{label}：{day}的数值尚不掌握，现有数值只核对到{until}。用到它的事项因此不能判断或不能计算：{programmes}",
    "{label}: the value of {day} is not known; its values were last checked on {until}. What is"
    " decided or reckoned by it is left open: {programmes}",
)
_BEFORE = Text(
    "{label}：{day}的数值尚不掌握，现有数值从{first}起。用到它的事项因此不能判断或不能计算：{programmes}",
    "{label}: the value of {day} is not known; its values begin on {first}. What is decided or"
    " reckoned by it is left open: {programmes}",
)
_MORE = Text("等 {count} 项", "and others, {count} in all")


class ParameterUser(NamedTuple):
    """A programme that reckons with a public figure: its name, the kinds of project that it is
    evaluated for, and the facts that stand in the place of the figure of the day; None where
    nothing does. `days`: the facts that state of which other days it takes the figure."""

    name: Text
    supports: tuple[str, ...]
    own: frozenset[str] | None
    days: frozenset[str] = frozenset()

    def days_stated(self, profile: Profile) -> set[date]:
        """The days that an applicant states for it, of itself and of projects of these kinds."""
        projects = [p.facts for p in profile.projects if p.kind in self.supports]
        stated = (facts.get(day) for day in self.days for facts in (profile.company, *projects))
        return {day for day in stated if isinstance(day, date)}

    def needs_figure(self, profile: Profile) -> bool:
        """Whether something is left open without it: not where the applicant states its own."""
        if self.own is None:
            return True
        projects = [p.facts for p in profile.projects if p.kind in self.supports]
        return not all(
            fact in profile.company or (projects and all(fact in facts for facts in projects))
            for fact in self.own
        )


class UsedParameter(NamedTuple):
    """A public figure, and the programmes that reckon with it."""

    parameter: Parameter
    users: tuple[ParameterUser, ...]


def used_parameters(programmes: Iterable[Programme]) -> tuple[UsedParameter, ...]:
    """Every public figure that a programme reckons with, in a condition or in money."""
    named: dict[str, Parameter] = {}
    users: dict[str, list[ParameterUser]] = {}
    for programme in programmes:
        own: dict[str, set[str | None]] = {}
        days: dict[str, set[str]] = {}
        for quantity in _parameter_quantities(programme):
            name = quantity.parameter.id
            named.setdefault(name, quantity.parameter)
            facts = own.setdefault(name, set())
            if isinstance(quantity, ParameterOn):
                days.setdefault(name, set()).add(quantity.day.fact)
            else:
                facts.add(quantity.own)
        for name, facts in own.items():
            stated = frozenset(f for f in facts if f is not None)
            user = ParameterUser(
                programme.name,
                programme.supports,
                None if None in facts else stated,
                frozenset(days.get(name, ())),
            )
            users.setdefault(name, []).append(user)
    return tuple(UsedParameter(named[name], tuple(users[name])) for name in named)


def parameters_of(programme: Programme) -> tuple[Parameter, ...]:
    """The public figures that a programme reckons with, each once."""
    return tuple({q.parameter.id: q.parameter for q in _parameter_quantities(programme)}.values())


def _parameter_quantities(programme: Programme) -> Iterator[ParameterQuantity | ParameterOn]:
    for quantity in (*programme.money, *(test.quantity for test in programme.tests)):
        yield from _parameters_in(quantity)


def _parameters_in(quantity: Quantity) -> Iterator[ParameterQuantity | ParameterOn]:
    if isinstance(quantity, ParameterQuantity | ParameterOn):
        yield quantity
    inside = (quantity.worth,) if isinstance(quantity, ProjectTotal) else quantity.parts
    for part in inside:
        yield from _parameters_in(part)


def parameter_warnings(used: Iterable[UsedParameter], as_of: date, profile: Profile) -> list[Json]:
    """A warning for each figure that is not known on the day, and that the applicant needs."""
    return [
        {"code": "parameter_unknown", "text": text_json(words), "fact": None}
        for words in unknown_parameters(used, as_of, profile)
    ]


def unknown_parameters(
    used: Iterable[UsedParameter], as_of: date, profile: Profile
) -> Iterator[Text]:
    """What is said of each figure that is not known on the day, or on one that is stated for it."""
    for parameter, users in used:
        if parameter.value_on(as_of) is None:
            names = [user.name for user in users if user.needs_figure(profile)]
            if names:
                yield _warning_text(parameter, names, as_of)
        others: dict[date, list[Text]] = {}
        for user in users:
            for day in user.days_stated(profile) if user.days else ():
                if parameter.value_on(day) is None:
                    others.setdefault(day, []).append(user.name)
        for day in sorted(others):
            yield _warning_text(parameter, others[day], day)


def _warning_text(parameter: Parameter, programmes: list[Text], as_of: date) -> Text:
    names = programmes[:MAX_NAMED]
    if len(programmes) > MAX_NAMED:
        names.append(_MORE.format(count=str(len(programmes))))
    days: Mapping[str, str] = {
        "day": as_of.isoformat(),
        "until": parameter.until.isoformat(),
        "first": parameter.values[0].start.isoformat(),
    }
    words = _BEYOND if as_of > parameter.until else _BEFORE
    return words.format(label=parameter.label, programmes=join(names, Text("、", "; ")), **days)
