"""What a person wrote or chose in the field of a fact, as a plain value, by the widget it was asked
with.

None means unknown. What may be written freely (12,000; 5200万; full-width digits) is turned into
the contract's form here; whether it is acceptable the profile's own reader decides.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.text import Text, without_direction
from service.intake.allowed_values import is_share
from service.intake.currency import ONE, Currency, currency_of
from service.intake.rough_amounts import (
    is_rough_amount,
    read_rough_amount,
    refuse_range,
    rough_amount_names_unit,
    without_about,
)
from service.intake.writing_habits import habits_of
from service.intake.written_numbers import read_count, read_number, with_percent_sign
from service.intake.written_values import Unreadable, plain_text, refuse_either_sign, says_no
from service.rendering.texts import read_texts
from service.usecases.reference.code_search import find_codes, names_listed, resolve_code
from service.web.questions import Widget, widget

_WORDS = read_texts(__file__)

NONE = "~none"
MAX_FORM_AWARDS = 50
_AWARD_PARTS = (
    *("purpose", "level", "amount", "year", "granted_on", "object", "project", "programme"),
)
Form = MultiDict[str, str]

# A smaller amount without a unit is more often meant in 万元 than in 元.
SMALL = 10_000
# What is never less is a year of the calendar.
_FIRST_YEAR = 1000
_OF_WHAT = re.compile(r"(?:收入|营收|员工|职工|人员|revenue|income|staff|employees)$")


class UnreadableInput(Exception):
    """What was written cannot be read; `candidates` are codes it may mean."""

    def __init__(self, words: Text, candidates: list[str] | None = None) -> None:
        super().__init__(words.en)
        self.words = words
        self.candidates = candidates or []


def read_value(fact: Fact, vocabulary: Vocabulary, form: Form, known: Any) -> Any:
    """The value of a fact in plain JSON, None where unknown. Raises UnreadableInput."""
    kind, codes = widget(fact, vocabulary), vocabulary.codes_of(fact)
    if codes is not None:
        _check_denial(codes, form.getlist(fact.id))
    if kind in (Widget.PICK, Widget.PICK_SEVERAL):
        assert codes is not None
        pick = _read_picked_code if kind is Widget.PICK else _picked_several
        return pick(fact, codes, form, known)
    if kind is Widget.CERTIFICATES:
        return _read_certificates(fact, form, known)
    if kind is Widget.MONEY:
        return _read_money(_figure(form, fact, vocabulary), currency_of(vocabulary, fact))
    if kind is Widget.NUMBER:
        return _read_number(fact, _figure(form, fact, vocabulary))
    if kind is Widget.AWARDS:
        return _read_awards(fact, form, currency_of(vocabulary))
    return _PLAIN.get(kind, _read_text)(fact, form)


def _check_denial(codes: CodeList, chosen: list[str]) -> None:
    """Raises UnreadableInput where something is chosen beside the code that says "none of
    these"."""
    none = codes.none_code
    if none in chosen and len(set(chosen)) > 1:
        raise UnreadableInput(_WORDS["both"].format(none=codes.label_of(none)))


def form_within(form: Form, within: str) -> Form:
    """What a form says under names that begin so, without that beginning."""
    said = form.items(multi=True)
    return MultiDict([(name[len(within) :], v) for name, v in said if name.startswith(within)])


def written(form: Form, name: str) -> str:
    """What stands in a field, without blanks around it, and without marks of direction."""
    return without_direction(form.get(name, "")).strip()


def _figure(form: Form, fact: Fact, vocabulary: Vocabulary) -> str:
    """The number in a field, as it is written everywhere: 1234.5 for 1.234,5 where people write
    so. Raises Unclear for what may be either."""
    habits, text = habits_of(vocabulary.languages), written(form, fact.id)
    if fact.type is FactType.INTEGER:
        text = habits.whole(text)
    if habits.comma:
        with _readable():
            refuse_either_sign(text, commas=fact.type is not FactType.NUMBER)
    return habits.figure(text)


def is_rough(fact: Fact, vocabulary: Vocabulary, form: Form) -> bool | None:
    """Whether a figure is said to be only about so much."""
    is_figure = widget(fact, vocabulary) in (Widget.MONEY, Widget.NUMBER)
    return is_figure and is_rough_amount(_figure(form, fact, vocabulary))


def _read_text(fact: Fact, form: Form) -> str | None:
    return written(form, fact.id) or None


def _read_number(fact: Fact, text: str) -> object:
    if not text:
        return None
    with _readable():
        if fact.type is FactType.INTEGER:
            return _count(fact, text)
        said = with_percent_sign(without_about(plain_text(text)))
        if fact.unit == "%":
            return read_number(said, percent=True).value
        if said.endswith("%"):  # a share: 3% is 0.03
            return f"{Decimal(read_number(said, percent=True).value) / 100:f}"
        number = read_number(said, percent=is_share(fact)).value
        _refuse_percentage(fact, Decimal(number))
        return number


def _count(fact: Fact, text: str) -> int:
    """A whole number, also 约14人; a year in four figures."""
    is_year = fact.minimum is not None and fact.minimum >= _FIRST_YEAR
    _refuse_none(text)
    said = without_about(plain_text(text))
    try:
        if not is_year:
            refuse_range(said, _WORDS["a_count"])
        number = int(read_count(said, fact.unit).value)
    except Unreadable:
        if is_year:
            raise UnreadableInput(_WORDS["no_year"]) from None
        raise
    if is_year and number < _FIRST_YEAR:
        raise UnreadableInput(_WORDS["no_year"])
    return number


def _refuse_none(text: str) -> None:
    """Who says that there is none is asked for the figure: it may be that he does not know."""
    if says_no(_OF_WHAT.sub("", plain_text(text))):
        raise UnreadableInput(_WORDS["none_of_it"])


def _refuse_percentage(fact: Fact, number: Decimal) -> None:
    """A share above its limit that would be one as a percentage: 3 where 3% is meant."""
    limit = fact.maximum or ONE
    if is_share(fact) and limit < number <= limit * 100 <= 100:
        most = f"{(limit * 100).normalize():f}"
        raise UnreadableInput(_WORDS["share"].format(n=f"{number:f}", most=most))


def _read_money(text: str, currency: Currency) -> str | None:
    """An exact amount; a small one without a unit is asked for it where people count in 万."""
    if not text:
        return None
    _refuse_none(text)
    with _readable():
        amount = read_rough_amount(text, currency).value
    if currency.in_chinese and 0 < Decimal(amount) < SMALL and not rough_amount_names_unit(text):
        raise UnreadableInput(_WORDS["which_unit"].format(n=amount, unit=currency.label))
    return amount


@contextmanager
def _readable() -> Iterator[None]:
    """What intake cannot read is told at the field."""
    try:
        yield
    except Unreadable as error:
        raise UnreadableInput(error.text) from None


def _yes_no(fact: Fact, form: Form) -> bool | None:
    return {"true": True, "false": False}.get(form.get(fact.id, ""))


def _read_codes(fact: Fact, form: Form) -> list[str] | None:
    chosen = list(dict.fromkeys(v for v in form.getlist(fact.id) if v and v != NONE))
    if NONE not in form.getlist(fact.id):
        return chosen or None
    if chosen:
        raise UnreadableInput(_WORDS["both"].format(none=_WORDS["none_label"]))
    return []


def _read_picked_code(fact: Fact, codes: CodeList, form: Form, known: Any) -> str | None:
    """A long list: the chosen code, or the one code that the words in the search field mean.
    Words typed over what was chosen before mean what they say, though it lies within them."""
    chosen, asked = form.get(fact.id, ""), written(form, f"{fact.id}~q")
    names = names_listed(codes, asked)
    is_new = chosen != known and any(chosen in find_codes(codes, name, None) for name in names)
    if not asked or is_new:
        return chosen or None
    if len(names) > 1:
        likeliest = [find_codes(codes, name, 1) for name in names]
        raise UnreadableInput(_WORDS["several"], [code for found in likeliest for code in found])
    return _resolve_code(codes, asked, {chosen})


def _picked_several(fact: Fact, codes: CodeList, form: Form, known: Any) -> list[str] | None:
    chosen, asked = _read_codes(fact, form), written(form, f"{fact.id}~q")
    held = set(chosen or ())
    new = held - set(known or ())
    found = [
        _resolve_code(codes, name, held)
        for name in (names_listed(codes, asked) if asked else ())
        if not new & set(find_codes(codes, name, None))
    ]
    return list(dict.fromkeys([*(chosen or []), *found])) if found else chosen


def _resolve_code(codes: CodeList, asked: str, chosen: set[str]) -> str:
    """The code that words mean; of several, the one that is chosen."""
    code, candidates = resolve_code(codes, asked)
    if code is None and len(fitting := chosen.intersection(candidates)) == 1:
        (code,) = fitting
    if code is None:
        raise UnreadableInput(_WORDS["several"] if candidates else _WORDS["nothing"], candidates)
    return code


def _read_certificates(fact: Fact, form: Form, known: Any) -> list[dict[str, str]] | None:
    held = _read_codes(fact, form)
    if not held:
        return None if held is None else []
    numbers = {c["category"]: c.get("number") for c in known or ()}
    certificates = []
    for category in held:
        parts = {
            "category": category,
            "issued_on": written(form, f"{fact.id}~issued~{category}"),
            "expires_on": written(form, f"{fact.id}~expires~{category}"),
            "number": numbers.get(category) or "",
        }
        certificates.append({key: value for key, value in parts.items() if value})
    return certificates


def award_rows(fact: Fact, form: Form) -> Iterator[dict[str, str]]:
    """The awards as they were written in a form: the parts that are filled in, of each that says
    what it was for."""
    for row in range(MAX_FORM_AWARDS):
        parts = {part: written(form, f"{fact.id}~{row}~{part}") for part in _AWARD_PARTS}
        if parts["purpose"]:
            yield {part: words for part, words in parts.items() if words}


def _read_awards(fact: Fact, form: Form, currency: Currency) -> list[dict[str, Any]] | None:
    awards = []
    for row in award_rows(fact, form):
        award: dict[str, Any] = {**row}
        if amount := award.pop("amount", ""):
            award["amount"] = _read_money(amount, currency)
        if year := plain_text(award.pop("year", "")):
            if not re.fullmatch(r"[0-9]{4}", year):
                raise UnreadableInput(_WORDS["no_number"])
            award["year"] = int(year)
        awards.append(award)
    none = NONE in form.getlist(fact.id)
    if awards and none:
        raise UnreadableInput(_WORDS["both"].format(none=_WORDS["none_label"]))
    return awards if awards or none else None


_PLAIN: Mapping[Widget, Callable[[Fact, Form], Any]] = {
    Widget.YES_NO: _yes_no,
    Widget.SEVERAL: _read_codes,
}
