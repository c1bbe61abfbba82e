"""The shape of policy files, as marshmallow schemas: which keys, of which type, which required.

What a key means, and whether the codes and facts it names exist, is checked where it is compiled.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from marshmallow import (
    RAISE,
    Schema,
    ValidationError,
    fields,
    pre_load,
    validate,
    validates_schema,
)

from service.catalogue.numbers import number_hint
from service.catalogue.texts import languages, read_text
from service.catalogue.yaml_faults import lookalike_in_value
from service.catalogue.yaml_tree import Document, Path
from service.domain.facts.vocabulary import FactType, Sensitivity
from service.domain.rules.amounts import AddsUp, Instalment, Per, Period
from service.domain.rules.catalogue import Commitment, Evidence, NumberKind
from service.domain.rules.conditions import Basis
from service.domain.text import Text
from service.domain.wording.labels import BASIS, COMMITMENT, EVIDENCE, NUMBER_KIND, PER


class Strict(Schema):
    class Meta:
        unknown = RAISE


_KINDS = {list: "a list", dict: "a mapping", type(None): "empty"}


class Str(fields.Field[str]):
    """Text as it stands; numbers that look like codes must be quoted."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if isinstance(value, list | dict) or value is None:
            raise ValidationError(f"must be text, not {_KINDS[type(value)]}")
        if not isinstance(value, str):
            raise ValidationError(f'must be text: quote it, as in "{value}"')
        if not value.strip():
            raise ValidationError("must not be empty")
        return value


class Exact(fields.Field[Decimal]):
    """An exact number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise ValidationError(f"must be a number{number_hint(value)}")
        return Decimal(value)


class Day(fields.Field[date]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> date:
        if not isinstance(value, date):
            raise ValidationError("must be a date such as 2025-09-26, without quotes")
        return value


class Flag(fields.Field[bool]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false, without quotes")
        return value


class Bilingual(fields.Field[Text]):
    """`{zh: …, en: …}`, or whichever languages the catalogue is written in, all of them there."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Text:
        text = read_text(value)
        if isinstance(text, str):
            raise ValidationError(text)
        return text


class OneOrMore(fields.Field[tuple[str, ...]]):
    """One code, or a list of several, each once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> tuple[str, ...]:
        several = value if isinstance(value, list) else [value]
        if not several or not all(isinstance(v, str) and v for v in several):
            raise ValidationError("must be a code, or a list of codes")
        if len(set(several)) != len(several):
            raise ValidationError("a code stands twice")
        return tuple(several)


class ArticleNumber(fields.Field[int | str]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int | str:
        if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            raise ValidationError("must be an article's number or the name of a part")
        return value


_ENUM_WORDS: Mapping[Any, Mapping[Any, Text]] = {
    Commitment: COMMITMENT, Evidence: EVIDENCE, NumberKind: NUMBER_KIND, Per: PER, Basis: BASIS,
}  # fmt: skip


class OneOfWords(validate.OneOf):
    """One of our own fixed values; of another word, the one that it may mean."""

    def __init__(self, enum: Any) -> None:
        super().__init__([e.value for e in enum], error="must be one of: {choices}")
        self.words = _ENUM_WORDS.get(enum, {})

    def _format_error(self, value: Any) -> str:
        words = {str(code): words for code, words in self.words.items()}
        meant = meant_value(value, [str(c) for c in self.choices], words)
        return super()._format_error(value) + (f"; did you mean {meant!r}?" if meant else "")


def meant_value(written: object, values: list[str], words: Mapping[str, Text]) -> str | None:
    """Which of some fixed values a word that is none was probably meant for: one that is spelt much
    like it, or whose Chinese name has half of its characters."""
    if not isinstance(written, str) or not written.strip():
        return None
    near = get_close_matches(written.strip().lower(), values, n=1)
    if near:
        return near[0]
    signs = set(written.strip())
    shared = {value: len(signs & set(name.zh)) for value, name in words.items()}
    best = max(shared, key=lambda value: shared[value], default="")
    return best if best and shared[best] * 2 >= len(signs) else None


def one_of(enum: Any) -> validate.OneOf:
    return OneOfWords(enum)


class FactSchema(Strict):
    type = Str(required=True, validate=one_of(FactType))
    label = Bilingual(required=True)
    question = Bilingual(required=True)
    help = Bilingual(required=True)
    list = Str()
    scheme = Str(validate=validate.OneOf(["uscc"], error="must be one of: {choices}"))
    unit = Str()
    minimum = Exact()
    maximum = Exact()
    positive = Flag()
    repayable = Flag()
    parameter = Str()
    changeable = Flag()
    sensitivity = Str(validate=one_of(Sensitivity))
    default_from = Str()
    quiet = Flag()
    kinds = fields.List(Str())
    at_least_one = Flag()
    aliases = fields.List(Str())


class Labelled(Strict):
    """What has a label beside its other keys: a key for each language."""

    label = Bilingual(required=True)

    @pre_load
    def gather_label(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict):
            return data
        words = {tag: data[tag] for tag in languages() if tag in data}
        rest = {key: value for key, value in data.items() if key not in words}
        return {**rest, "label": words}


class CodeSchema(Labelled):
    within = fields.List(Str())
    undefined = Flag()
    successor = Str()
    retired_on = Day()
    help = Bilingual()
    may_also_be = fields.List(Str())
    excludes = fields.List(Str())
    catch_all = Flag()
    one_with = fields.List(Str())
    aliases = fields.List(Str())
    identifiers = fields.List(Str())
    facts = fields.List(Str())


class CodeListSchema(Strict):
    label = Bilingual(required=True)
    source = Str(required=True)
    codes = fields.Dict(keys=Str(), values=fields.Nested(CodeSchema))
    table = Str()
    deeper = Str()
    named = fields.Dict(keys=Str(), values=Bilingual())


class ImplicationSchema(Strict):
    """Where `when` asks nothing, `then` is presumed of everybody who has not said otherwise."""

    when = fields.Dict(keys=Str(), required=True)
    then = fields.Dict(keys=Str(), required=True, validate=validate.Length(min=1))


class FigureCheckSchema(Strict):
    when = fields.Raw(required=True)
    text = Bilingual(required=True)


class UnitSchema(Labelled):
    """A unit's words; `counted` stand behind a number, and may be nothing in a language; `aliases`
    are what else people write for a currency."""

    counted = fields.Dict(keys=Str(), values=fields.Str())
    aliases = fields.List(Str())


def _check_time_zone(name: str) -> None:
    if name not in available_timezones():
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f", did you mean {near[0]!r}?" if near else ""
        raise ValidationError(f"{name!r} is no time zone such as Europe/Paris{hint}")


class VocabularySchema(Strict):
    units = fields.Dict(keys=Str(), values=fields.Nested(UnitSchema))
    facts = fields.Dict(keys=Str(), values=fields.Nested(FactSchema))
    lists = fields.Dict(keys=Str(), values=fields.Nested(CodeListSchema))
    implies = fields.List(fields.Nested(ImplicationSchema))
    languages = fields.List(Str())
    currency = Str(
        validate=validate.Regexp("[A-Z]{3}$", error="must be a code of ISO 4217 such as EUR")
    )
    time_zone = Str(validate=_check_time_zone)
    region_list = Str()
    extends = fields.Dict(
        keys=Str(), values=fields.Dict(keys=Str(), values=fields.Nested(CodeSchema))
    )
    checks = fields.List(fields.Nested(FigureCheckSchema))


class WindowSchema(Strict):
    start = Day(data_key="from")
    end = Day(data_key="to")
    inferred = Flag()


class DatedSchema(Strict):
    """What a standard and a points model say of themselves: of which text, in force when."""

    id = Str(required=True)
    name = Bilingual(required=True)
    standard = Str(required=True)
    source = Str(required=True)
    window = fields.Nested(WindowSchema, required=True)
    reviewed_on = Day(required=True)


class NumberSchema(Strict):
    text = Str(required=True)
    kind = Str(required=True, validate=one_of(NumberKind))
    programme = Str()
    note = Bilingual()


class ArticleSchema(Strict):
    number = ArticleNumber(required=True)
    title = Bilingual(required=True)
    gist = Bilingual(required=True)
    digest = Str(
        required=True,
        validate=validate.Regexp(r"sha256:[0-9a-f]{64}", error="must be sha256: and 64 hex digits"),
    )
    unmatched = Bilingual()
    numbers = fields.List(fields.Nested(NumberSchema))


class OverlapSchema(Strict):
    level = Str(required=True)
    article = ArticleNumber(required=True)
    text = Bilingual(required=True)


class UsualSchema(Strict):
    when = fields.Raw(required=True)
    text = Bilingual(required=True)


# It stands in addresses, in names of columns and on command lines.
_ID = validate.Regexp(
    r"[^\s/|?#%\\.-][^\s/|?#%\\]*$",
    error="must be letters, digits, dots and hyphens, a letter or digit first",
)
_URL = validate.Regexp(r"https?://[^\s/]+(/\S*)?", error="must be an address such as https://…")


class MonthDay(fields.Field[tuple[int, int]]):
    """A day of every year, such as 03-01."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> tuple[int, int]:
        match = re.fullmatch(r"(\d\d)-(\d\d)", value) if isinstance(value, str) else None
        try:
            if match:
                day = date(2028, int(match[1]), int(match[2]))  # a leap year
                return day.month, day.day
        except ValueError:
            pass
        raise ValidationError("must be month and day such as 03-01")


class YearlySchema(Strict):
    first = MonthDay(required=True, data_key="from")
    last = MonthDay(required=True, data_key="to")


class ApplicationWindowSchema(Strict):
    start = Day(data_key="from")
    end = Day(data_key="to")
    yearly = fields.Nested(YearlySchema)
    months = fields.Raw()
    after = Str()
    category = Str()
    always = fields.Raw()


class ApplicationSchema(Strict):
    url = Str(validate=_URL)
    contact = Bilingual()
    materials = fields.List(Bilingual())
    steps = fields.List(Bilingual())
    windows = fields.List(fields.Nested(ApplicationWindowSchema))
    lead_department = Bilingual()
    source_url = Str(validate=_URL)
    reviewed_on = Day()


class CapSchema(Strict):
    """A cap: an amount, or a share or a price `of` something."""

    amount = fields.Raw()
    share = fields.Raw()
    price = fields.Raw()
    of = fields.Raw()
    per = Str(validate=one_of(Per))

    @validates_schema
    def _one_of_three(self, data: Mapping[str, Any], **_: Any) -> None:
        if len(data.keys() & {"amount", "share", "price"}) != 1:
            raise ValidationError("a cap has an amount, a share or a price, one of them")
        if ("amount" in data) == ("of" in data):
            raise ValidationError("a share and a price need `of`; an amount has none")


_SHARED_PER = [Per.COMPANY.value, Per.YEAR.value, Per.PROJECT.value]


class SharedCapSchema(CapSchema):
    """A cap on several programmes together: all of the measure, or those that it names."""

    article = ArticleNumber(required=True)
    per = Str(
        required=True, validate=validate.OneOf(_SHARED_PER, error="must be one of: {choices}")
    )
    programmes = fields.List(Str(), validate=validate.Length(min=1))


class MeasureSchema(Strict):
    id = Str(required=True, validate=_ID)
    number = Str(required=True)
    title = Bilingual(required=True)
    issuers = fields.List(Bilingual(), required=True)
    issued_on = Day(required=True)
    reviewed_on = Day(required=True)
    window = fields.Nested(WindowSchema, required=True)
    window_note = Bilingual()
    jurisdiction = Str(required=True)
    evidence = Str(required=True, validate=one_of(Evidence))
    source = Str(required=True)
    decided_by = Bilingual(required=True)
    departments = fields.List(Bilingual(), required=True)
    overlap = fields.Nested(OverlapSchema)
    caps = fields.List(fields.Nested(SharedCapSchema))
    usual_conditions = fields.List(fields.Nested(UsualSchema))
    definitions = fields.Dict(keys=Str(), values=fields.Raw())
    url = Str(validate=_URL)
    application = fields.Nested(ApplicationSchema)
    articles = fields.List(fields.Nested(ArticleSchema), required=True)


class UpliftSchema(Strict):
    """More where a condition holds: money, points of the rate, or a share of the amount."""

    when = fields.Raw(required=True)
    amount = fields.Raw()
    points = fields.Raw()
    share = fields.Raw()

    @validates_schema
    def _one_of_three(self, data: Mapping[str, Any], **_: Any) -> None:
        if len(data.keys() & {"amount", "points", "share"}) != 1:
            raise ValidationError("an uplift has an amount, points or a share, one of them")


class DurationSchema(Strict):
    years = fields.Raw()
    months = fields.Raw()
    at_most = Exact()
    amount_per = Str(validate=one_of(Period))

    @validates_schema
    def _one_of_two(self, data: Mapping[str, Any], **_: Any) -> None:
        if ("years" in data) == ("months" in data):
            raise ValidationError("over has years or months, one of them")


class InstalmentField(fields.Field[Instalment]):
    """A share of the whole, such as 0.30, or {share: 0.30, when: {zh: …, en: …}}."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Instalment:
        share, when = value, None
        if isinstance(value, dict):
            if value.keys() != {"share", "when"}:
                raise ValidationError("must be a share, or {share: …, when: {…}}")
            share, when = value["share"], Bilingual().deserialize(value["when"])
        return Instalment(Exact().deserialize(share), when)


_CURRENCY = validate.Regexp("[A-Z]{3}$", error="must be a code of ISO 4217 such as EUR")


class BenefitSchema(Strict):
    amount = fields.Raw()
    rate = fields.Raw()
    price = fields.Raw()
    of = fields.Raw()
    times = fields.List(fields.Raw())
    cap = fields.Raw()
    caps = fields.List(fields.Nested(CapSchema))
    floor = fields.Raw()
    less = fields.Raw()
    plus = fields.List(fields.Nested(UpliftSchema))
    over = fields.Nested(DurationSchema)
    instalments = fields.List(InstalmentField())
    per = Str(required=True, validate=one_of(Per))
    per_basis = Str(validate=one_of(Basis))
    adds_up = Str(validate=one_of(AddsUp))
    repayable = Flag()
    currency = Str(validate=_CURRENCY)
    one_off = Flag()
    text = Bilingual()


class ExpectationSchema(Strict):
    status = Str(required=True)
    ceiling = fields.Raw()
    at_most = Exact()
    low = Exact()
    missing = fields.List(Str())


class ExampleSchema(Strict):
    say = Str()
    given = fields.Dict(keys=Str())
    changes = fields.Dict(keys=Str(), data_key="with")
    as_of = Day()
    project = Str(validate=validate.OneOf(["none"], error="must be one of: {choices}"))
    expect = fields.Nested(ExpectationSchema, required=True)


_QUOTA_PER = [Per.YEAR.value, Per.PROGRAMME.value, Per.UNSTATED.value]


class SelectionSchema(Strict):
    """That others choose among those who qualify."""

    quota = fields.Raw()
    per = Str(validate=validate.OneOf(_QUOTA_PER, error="must be one of: {choices}"))
    text = Bilingual()

    @validates_schema
    def _says_something(self, data: Mapping[str, Any], **_: Any) -> None:
        quota = data.get("quota", 1)
        if isinstance(quota, bool) or not isinstance(quota, int) or quota < 1:
            raise ValidationError("a quota is a whole number, at least 1")
        if not data.keys() & {"quota", "text"}:
            raise ValidationError("a selection has a quota, or a text that says how, or both")


class ProgrammeSchema(Strict):
    id = Str(required=True, validate=_ID)
    name = Bilingual(required=True)
    summary = Bilingual(required=True)
    article = ArticleNumber(required=True)
    instrument = Str(required=True)
    commitment = Str(required=True, validate=one_of(Commitment))
    supports = OneOrMore()
    kinds = fields.List(Str(), required=True, validate=validate.Length(min=1))
    kinds_open = fields.List(Str())
    kinds_excluded = fields.List(Str())
    excludes = fields.List(Str())
    selection = fields.Nested(SelectionSchema)
    kinds_basis = Str(validate=one_of(Basis))
    fields_ = fields.List(Str(), data_key="fields")
    conditions = fields.Raw()
    benefit = fields.Nested(BenefitSchema)
    purpose = Str()
    decided_by = Bilingual()
    departments = fields.List(Bilingual())
    window = fields.Nested(WindowSchema)
    jurisdiction = Str()
    parameters = fields.Dict(keys=Str(), values=Str())
    notes = fields.List(Bilingual())
    application = fields.Nested(ApplicationSchema)
    given = fields.Dict(keys=Str())
    examples = fields.List(fields.Nested(ExampleSchema), required=True)


def check_shape(schema: Schema, document: Document, at: Path = ()) -> Mapping[str, Any] | None:
    """Load a document through a schema. None, with the faults noted, where it does not fit."""
    if not isinstance(document.data, dict):
        document.fault(at, "the file must be a mapping of keys")
        return None
    try:
        loaded: Mapping[str, Any] = schema.load(document.data)
    except ValidationError as error:
        found = list(_flat_messages(error.messages, at))
        misspelt = {
            (*path[:-1], _near_key(schema, path)) for path, words in found if words == _UNKNOWN
        }
        for path, message in found:
            if message != _MISSING or path not in misspelt:
                _report_fault(schema, document, path, message)
        return None
    return loaded


_UNKNOWN, _MISSING = "Unknown field.", "Missing data for required field."
_WORDS = {
    "Field may not be null.": "must not be empty",
    "Shorter than minimum length 1.": "must not be empty: name one at least",
    _MISSING: "is required",
    "Not a valid list.": "must be a list such as [a, b]",
    "Not a valid mapping type.": "must be a mapping such as {key: value}",
    "Invalid input type.": "must be a mapping of keys",
}


def _flat_messages(messages: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(messages, dict):
        for key, value in messages.items():
            deeper = path if key in ("_schema", "value") and path else (*path, key)
            yield from _flat_messages(value, deeper)
    else:
        for message in messages:
            yield path, str(message)


def _report_fault(schema: Schema, document: Document, path: Path, message: str) -> None:
    key = path[-1] if path else ""
    if message != _UNKNOWN:
        message = _WORDS.get(message, message)
        place = ".".join(str(p) for p in path)
        written = document.at(path)
        sign = lookalike_in_value(written) if isinstance(written, str) else None
        said = f"{message.removesuffix('.')}{'; ' + sign if sign and 'list' in message else ''}"
        document.fault(path, f"{place}: {said}")
        return
    allowed = sorted(_allowed_keys(schema, path[:-1]))
    near = _near_key(schema, path)
    hint = f", did you mean {near!r}?" if near else ""
    document.fault(path, f"unknown key {key!r}{hint}", allowed)


def _near_key(schema: Schema, path: Path) -> str | None:
    """The key that may be meant by one that is not allowed at a path."""
    near = get_close_matches(str(path[-1]), sorted(_allowed_keys(schema, path[:-1])), n=1)
    return near[0] if near else None


def _allowed_keys(schema: Schema, path: Path) -> set[str]:
    """The keys a schema allows at a path."""
    current: Any = schema
    for step in path:
        if isinstance(current, Schema):
            named = {f.data_key or name: f for name, f in current.fields.items()}
            current = named.get(str(step))
        elif isinstance(current, fields.List):
            current = current.inner
        elif isinstance(current, fields.Dict):
            current = current.value_field
        if isinstance(current, fields.Nested):
            current = current.schema
        elif isinstance(current, fields.List) and isinstance(current.inner, fields.Nested):
            continue
    if isinstance(current, fields.Nested):
        current = current.schema
    return (
        {f.data_key or n for n, f in current.fields.items()}
        if isinstance(current, Schema)
        else set()
    )
