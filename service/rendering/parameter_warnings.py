"""What is told where a public figure that programmes reckon with is not known on a day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from service.domain.facts.parameters import Parameter
from service.domain.rules.conditions import tests_below, tests_in
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import ParameterQuantity, ProjectTotal, Quantity
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


class UsedParameter(NamedTuple):
    """A public figure, and the names of the programmes that reckon with it."""

    parameter: Parameter
    programmes: tuple[Text, ...]


def used_parameters(programmes: Iterable[Programme]) -> tuple[UsedParameter, ...]:
    """Every public figure that a programme reckons with, in a condition or in money."""
    named: dict[str, Parameter] = {}
    users: dict[str, list[Text]] = {}
    for programme in programmes:
        for parameter in dict.fromkeys(p.id for p in _used_parameters(programme, named)):
            users.setdefault(parameter, []).append(programme.name)
    return tuple(UsedParameter(named[name], tuple(users[name])) for name in named)


def parameters_of(programme: Programme) -> tuple[Parameter, ...]:
    """The public figures that a programme reckons with, each once."""
    named: dict[str, Parameter] = {}
    for _ in _used_parameters(programme, named):
        pass
    return tuple(named.values())


def _used_parameters(programme: Programme, named: dict[str, Parameter]) -> Iterator[Parameter]:
    money = tuple(programme.benefit.quantities) if programme.benefit else ()
    tests = [*tests_in(programme.condition), *(t for q in money for t in tests_below(q))]
    for quantity in (*money, *(test.quantity for test in tests)):
        for parameter in _parameters_in(quantity):
            named.setdefault(parameter.id, parameter)
            yield parameter


def _parameters_in(quantity: Quantity) -> Iterator[Parameter]:
    if isinstance(quantity, ParameterQuantity):
        yield quantity.parameter
    inside = (quantity.worth,) if isinstance(quantity, ProjectTotal) else quantity.parts
    for part in inside:
        yield from _parameters_in(part)


def parameter_warnings(used: Iterable[UsedParameter], as_of: date) -> list[Json]:
    """A warning for each figure that is not known on the day."""
    return [
        {"code": "parameter_unknown", "text": text_json(words), "fact": None}
        for words in unknown_parameters(used, as_of)
    ]


def unknown_parameters(used: Iterable[UsedParameter], as_of: date) -> Iterator[Text]:
    """What is said of each figure that is not known on the day."""
    return (_warning_text(one, as_of) for one in used if one.parameter.value_on(as_of) is None)


def _warning_text(used: UsedParameter, as_of: date) -> Text:
    parameter, names = used.parameter, list(used.programmes[:MAX_NAMED])
    if len(used.programmes) > MAX_NAMED:
        names.append(_MORE.format(count=str(len(used.programmes))))
    days: Mapping[str, str] = {
        "day": as_of.isoformat(),
        "until": parameter.until.isoformat(),
        "first": parameter.values[0].start.isoformat(),
    }
    words = _BEYOND if as_of > parameter.until else _BEFORE
    return words.format(label=parameter.label, programmes=join(names, Text("、", "; ")), **days)
