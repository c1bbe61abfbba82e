"""A quantity in words, in both languages, generated from the quantity itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, assert_never

from service.domain.dates import Window
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.amounts import EXACT
from service.domain.rules.conditions import Condition, Predicate
from service.domain.rules.held import CertificateTest, Recent, Years
from service.domain.rules.operators import InSet
from service.domain.rules.quantities import Quantity
from service.domain.rules.unit_check import unit_of
from service.domain.rules.units import ITEM, SHARE, YEAR, Unit, unit
from service.domain.text import Text, each_wording, join

# So many years are no span but a year of the calendar, which has no thousands separator.
FIRST_YEAR = 1000
_CURRENCY_LENGTH = 3
# Places of a number that six would round to a plainer one: 14.9999999 % is no 15 %.
_FINER = (9, 12, 18, 30)
_SUM = Text("{all}之和", "sum of {all}")
_MEAN = Text("{all}的平均值", "mean of {all}")
_LEAST = Text("{all}中的最小者", "the least of {all}")
_GREATEST = Text("{all}中的最大者", "the greatest of {all}")
_EXCEEDING = Text("{a}超过{b}的部分", "the part of {a} above {b}")
_DIFFERENCE = Text("{a}减去{b}的差额", "{a} less {b}")
_RATIO = Text("{a}与{b}之比", "ratio of {a} to {b}")
_GROWTH = Text("{a}较{b}的增幅", "growth of {a} over {b}")
_SHARE_OF = Text("{base}的 {share}", "{share} of {base}")
_TIMES = Text("{count} 倍{base}", "{count} × {base}")
_TODAY = Text("评估日", "the as-of date")
_THIS_YEAR = Text("评估日所在年份", "the year of the as-of date")
_LAST_YEAR = Text("评估日的上一年", "the year before the as-of date")
_NUMBER_OF = Text("{held}的件数", "number of {held}")
_AMOUNTS_OF = Text("{held}的合计金额", "total of {held}")
_CERTIFICATES = Text("{when}{valid}{names}证书", "{valid}certificates ({names}){when}")
_VALID = Text("有效的", "valid ")
_ISSUED = Text("{years}取得的", " issued {years}")
_HAD = Text("{years}获得的", " had {years}")
_AWARDS = Text("{when}{level}{what}", "{level}{what}{when}")
_NOWHERE = Text("", "")
_MONTHS_AGO = Text("{months} 个月内", "in the last {months} months")
_LEVEL = Text("{names}", "{names} ")
_YEAR_OF = Text("{day}所在年份", "year of {day}")
_MONTHS = Text("{a}至{b}的整月数", "full months from {a} to {b}")
_STEPS_OF = {  # by whether what is left over counts as one more
    False: Text("{of}每满{each}的次数", "number of times that {of} holds {each} whole"),
    True: Text(
        "{of}每{each}（不足的按一个计）的次数",
        "number of times that {of} holds {each}, a part counted as one",
    ),
}
_CASE = Text("{condition}的，为{value}", "where {condition}: {value}")
_OTHERWISE = Text("其他情形为{value}", "otherwise {value}")
_UPLIFT = Text("，{condition}的，再加{value}", ", plus {value} where {condition}")
_NONE = Text("不计", "nothing")
_BY = Text("按{label}：{parts}", "by {label}: {parts}")
_WHOLE = Text("按{of}所在档次：{parts}", "by the band that {of} lies in: {parts}")
_PROGRESSIVE = Text("按{of}分段累计：{parts}", "by parts of {of}: {parts}")
_STEPS = {  # by whether a scale is progressive, and how the step is bounded
    (False, "up"): Text("不超过 {high}的，{worth}", "up to {high}: {worth}"),
    (False, "below"): Text("不足 {high}的，{worth}", "below {high}: {worth}"),
    (False, "all"): Text("{worth}", "{worth}"),
    (False, "rest"): Text("其余，{worth}", "beyond: {worth}"),
    (True, "up"): Text("不超过 {high}的部分 {worth}", "{worth} up to {high}"),
    (True, "below"): Text("不足 {high}的部分 {worth}", "{worth} below {high}"),
    (True, "all"): Text("{worth}", "{worth}"),
    (True, "rest"): Text("超过的部分 {worth}", "{worth} beyond"),
}
_RANGE = Text("{low} 至 {high}", "{low} to {high}")


Sentence: TypeAlias = Callable[[Condition, Vocabulary], Text]


def quantity_words(quantity: Quantity, vocabulary: Vocabulary, sentence: Sentence) -> Text:
    """What a quantity is, as a noun phrase; `sentence` words the conditions inside it."""
    return _Words(vocabulary, sentence).of(quantity)


class _Words:
    def __init__(self, vocabulary: Vocabulary, sentence: Sentence) -> None:
        self.vocabulary = vocabulary
        self.sentence = sentence

    def of(self, quantity: Quantity) -> Text:  # noqa: C901  # a case for each class
        match quantity:
            case forms.FactQuantity(fact):
                return self.vocabulary.facts[fact].label
            case forms.Constant(value, counted):
                return number_words(value, counted, self.vocabulary)
            case forms.Between(low, high, counted):
                ends = (number_words(n, counted, self.vocabulary) for n in (low, high))
                return _RANGE.format(**dict(zip(("low", "high"), ends, strict=True)))
            case forms.Sum(terms):
                return self._sum(terms)
            case forms.Mean(terms):
                return _MEAN.format(all=self._listed(terms))
            case forms.Least(terms):
                return _LEAST.format(all=self._listed(terms))
            case forms.Greatest((forms.Difference(first, second), forms.Constant(0))):
                return _EXCEEDING.format(a=self._inner(first), b=spaced(self._inner(second)))
            case forms.Greatest(terms):
                return _GREATEST.format(all=self._listed(terms))
            case forms.Difference(forms.YearOf(forms.AsOf()), forms.Constant(1)):
                return _LAST_YEAR
            case forms.Difference(first, second) | forms.Excess(first, second):
                return _DIFFERENCE.format(a=self._inner(first), b=self._inner(second))
            case forms.Ratio(forms.Constant(), forms.Constant()):
                return self._fraction(quantity.parts)
            case forms.Ratio(first, second):
                return _RATIO.format(a=self._inner(first), b=self._inner(second))
            case forms.Growth(first, second):
                return _GROWTH.format(a=self._inner(first), b=self._inner(second))
            case forms.Product(terms):
                return self._product(terms)
            case forms.Cases():
                return self._cases(quantity)
            case forms.ByCode():
                return self._by_code(quantity)
            case forms.Bands():
                return self._bands(quantity)
            case forms.Count():
                return self._count(quantity)
            case forms.ParameterQuantity(parameter):
                return parameter.label
            case forms.AsOf():
                return _TODAY
            case forms.YearOf(forms.AsOf()):
                return _THIS_YEAR
            case forms.YearOf(day):
                return _YEAR_OF.format(day=self._inner(day))
            case forms.Steps(whole, each, begun):
                words = _STEPS_OF[begun]
                return words.format(of=self._inner(whole), each=spaced(self.of(each)))
            case forms.MonthsBetween(first, second):
                return _MONTHS.format(a=self._inner(first), b=self._inner(second))
            case _:
                assert_never(quantity)

    def _count(self, count: forms.Count) -> Text:
        words = _AMOUNTS_OF if count.amounts else _NUMBER_OF
        return words.format(held=held_words(count, self.vocabulary))

    def _inner(self, quantity: Quantity) -> Text:
        """A part of a larger phrase, with visible ends where it is made of several itself."""
        words = inside(self.of(quantity), quantity)
        return words if len(quantity.parts) < 2 and not is_scale(quantity) else bracketed(words)

    def _sum(self, terms: tuple[Quantity, ...]) -> Text:
        """A sum; what is added only where a condition holds stands behind it."""
        uplifts = [t for t in terms if isinstance(t, forms.Cases) and _is_nothing(t.otherwise)]
        others = [t for t in terms if t not in uplifts]
        if not others or not uplifts:
            return _SUM.format(all=self._listed(terms))
        words = [self.of(others[0]) if len(others) == 1 else self._sum(tuple(others))]
        for uplift in uplifts:
            for branch in uplift.branches:
                condition = self._within(branch.condition)
                value = spaced(self._inner(branch.quantity))
                words.append(_UPLIFT.format(condition=condition, value=value))
        return join(words, "", "")

    def _fraction(self, numbers: Iterable[Quantity]) -> Text:
        """Two numbers of the text, one above the other."""
        words = "/".join(decimal_text(n.value) for n in numbers if isinstance(n, forms.Constant))
        return Text(words, words)

    def _listed(self, terms: Iterable[Quantity]) -> Text:
        return listed([self._inner(t) for t in terms], "and")

    def _product(self, terms: tuple[Quantity, ...]) -> Text:
        """Prices before what they are for, shares of it, a factor so many times it."""
        shares = [
            t for t in terms if isinstance(t, forms.Constant | forms.Between) and t.unit == SHARE
        ]
        others = [t for t in terms if t not in shares]
        prices = [t for t in others if isinstance(t, forms.Constant | forms.Between)]
        counted = [t for t in others if t not in prices]
        if any(isinstance(t, forms.Steps) for t in counted):
            # So much each time, and not for each thing.
            prices = [replace(t, unit=t.unit * ITEM) if _is_each(t) else t for t in prices]
        words = join((self._inner(t) for t in (*prices, *counted)), " × ", " × ")
        for share in shares:
            words = self._shared(share, words)
        return words

    def _shared(self, share: forms.Constant | forms.Between, base: Text) -> Text:
        if isinstance(share, forms.Constant) and share.value >= 1 and share.value.denominator == 1:
            if share.value == 1:
                return base
            return _TIMES.format(count=decimal_text(share.value), base=base)
        return _SHARE_OF.format(share=self._rate(share), base=base)

    def _rate(self, share: forms.Constant | forms.Between) -> Text:
        if isinstance(share, forms.Constant):
            return number_words(share.value, SHARE, self.vocabulary)
        low, high = share_text(share.low), share_text(share.high)
        return Text(f"{low}–{high}", f"{low}–{high}")

    def _cases(self, cases: forms.Cases) -> Text:
        parts = [
            _CASE.format(
                condition=self._within(b.condition),
                value=spaced(self._worth(b.quantity)),
            )
            for b in cases.branches
        ]
        parts.append(_OTHERWISE.format(value=spaced(self._worth(cases.otherwise))))
        return join(parts, "；", "; ")

    def _within(self, condition: Condition) -> Text:
        """A condition inside a sentence: what it looks at is not its beginning."""
        words = self.sentence(condition, self.vocabulary)
        if not isinstance(condition, Predicate) or condition.term:
            return words
        return _without_capital(words)

    def _worth(self, quantity: Quantity) -> Text:
        if _is_nothing(quantity):
            return _NONE
        return self._inner(quantity)

    def _by_code(self, table: forms.ByCode) -> Text:
        parts = [
            Text("{name} {worth}", "{name} {worth}").format(
                name=_names(b), worth=self._worth(b.quantity)
            )
            for b in table.branches
        ]
        if not _is_nothing(table.otherwise):
            parts.append(_OTHERWISE.format(value=spaced(self._worth(table.otherwise))))
        label = _without_capital(self.vocabulary.facts[table.fact].label)
        return _BY.format(label=label, parts=join(parts, "，", ", "))

    def _bands(self, scale: forms.Bands) -> Text:
        parts = []
        counted = unit_of(scale.of, self.vocabulary)
        for i, band in enumerate(scale.bands):
            bounded = "up" if band.included else "below"
            if band.limit is None:
                bounded = "rest" if i else "all"
            high = Text("", "")
            if band.limit is not None:
                high = number_words(band.limit, counted, self.vocabulary)
            worth = self._step(band, scale.unit, counted)
            parts.append(_STEPS[scale.progressive, bounded].format(high=high, worth=worth))
        words = _PROGRESSIVE if scale.progressive else _WHOLE
        return words.format(of=self._inner(scale.of), parts=join(parts, "，", ", "))

    def _step(self, band: forms.Band, worth: Unit, counted: Unit) -> Text:
        found = []
        if band.rate:
            found.append(number_words(band.rate, worth / counted, self.vocabulary))
        if band.amount or not found:
            found.append(number_words(band.amount, worth, self.vocabulary))
        return join(found, "加 ", " plus ")


def _names(branch: forms.Branch) -> Text:
    """The codes that a branch of a table is for."""
    among = branch.condition.operator if isinstance(branch.condition, Predicate) else None
    assert isinstance(among, InSet)
    labels = [
        among.codes.label_of(str(v)) if among.codes else Text(str(v), str(v)) for v in among.values
    ]
    return listed(labels, "or")


def spaced(words: Text) -> Text:
    """A number within Chinese words stands apart from them."""
    return Text(f" {words.zh}", words.en) if words.zh[:1].isascii() else words


def _is_each(price: forms.Constant | forms.Between) -> bool:
    """Whether a price is for things that have no unit of their own."""
    return ITEM.above[0] in price.unit.below


def _is_nothing(quantity: Quantity) -> bool:
    return isinstance(quantity, forms.Constant) and not quantity.value


def is_scale(quantity: Quantity) -> bool:
    return isinstance(quantity, forms.Bands | forms.Cases | forms.ByCode)


def inside(words: Text, quantity: Quantity) -> Text:
    """The words of a quantity within a phrase: the label of a fact has a capital only where the
    phrase begins with it, or its first word is one of capitals (R&D)."""
    return _without_capital(words) if isinstance(quantity, forms.FactQuantity) else words


def _without_capital(words: Text) -> Text:
    if not words.en[1:2].islower():
        return words
    return replace(words, en=words.en[0].lower() + words.en[1:])


def bracketed(words: Text) -> Text:
    return Text("（{words}）", "({words})").format(words=words)


def operand_words(quantity: Quantity, vocabulary: Vocabulary, sentence: Sentence) -> Text:
    """What a comparison names on its right side."""
    words = inside(quantity_words(quantity, vocabulary, sentence), quantity)
    return bracketed(words) if is_scale(quantity) else words


def listed(parts: list[Text], last: str) -> Text:
    """Several names in a row; one that has the Chinese comma of lists inside is quoted."""
    if len(parts) == 1:
        return parts[0]

    def wording(names: list[str], language: str) -> str:
        if language == "zh":
            return "、".join(f"“{name}”" if _is_loose(name) else name for name in names)
        return f"{', '.join(names[:-1])} {last} {names[-1]}"

    return each_wording(parts, wording)


def _is_loose(name: str) -> bool:
    """Whether a Chinese name has a comma of lists inside that nothing sets apart."""
    return "、" in name and not (name.startswith("（") and name.endswith("）"))


def number_words(number: Fraction, counted: Unit, vocabulary: Vocabulary) -> Text:
    """A number with its unit: shares in per cent, prices for each of what they are for."""
    if counted == SHARE:
        return Text(share_text(number), share_text(number))
    digits = decimal_text(number)
    if counted == YEAR and number >= FIRST_YEAR:
        year = vocabulary.unit_words(YEAR.above[0]).label
        return Text("{year} {unit}", "{year}").format(year=str(number), unit=year)
    if counted == unit("%"):
        return Text(f"{digits}%", f"{digits}%")
    if _is_money(counted):
        money = vocabulary.unit_words(counted.above[0]).label
        whole = _in_ten_thousands(number, money.zh)
        return Text("{whole}{below}", "{money} {digits}{below}").format(
            whole=whole, money=money, digits=digits, below=_below(counted, vocabulary)
        )
    if counted == ITEM:
        return Text(digits, digits)
    words = _unit_words(counted, number == 1, vocabulary)
    return join([Text(digits, digits), words, _below(counted, vocabulary)], "", "")


def _is_money(counted: Unit) -> bool:
    return len(counted.above) == 1 and _is_currency(counted.above[0])


def _unit_words(counted: Unit, single: bool, vocabulary: Vocabulary) -> Text:
    """What is counted, as it stands behind a number: with a blank before it, unless its words are
    empty; of a single one by the word that prices use."""
    words = [vocabulary.unit_words(symbol) for symbol in counted.above]

    def wording(names: list[str], language: str) -> str:
        several, each = names[: len(words)], names[len(words) :]
        one = single and language != "zh" and all(several)
        name = "·".join(each if one else several)
        return f" {name}" if name else ""

    return each_wording([*(w.label for w in words), *(w.each for w in words)], wording)


def _in_ten_thousands(number: Fraction, currency: str) -> str:
    """An amount as Chinese documents write it: "1,800 万元", "2 亿元", "5,000 元"; in full where it
    would take more than two decimal places."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        scaled = number / size
        if abs(scaled) >= 1 and (scaled * 100).denominator == 1:
            return f"{decimal_text(scaled)} {name}{' ' * currency[:1].isascii()}{currency}"
    return f"{decimal_text(number)} {currency}"


def _is_currency(symbol: str) -> bool:
    """Whether a unit is written as currencies are by ISO 4217."""
    return len(symbol) == _CURRENCY_LENGTH and symbol.isupper()


def _below(counted: Unit, vocabulary: Vocabulary) -> Text:
    """What a price is for: "/㎡·月", " per m² and month"."""
    names = [vocabulary.unit_words(s).each for s in counted.below]
    if not names:
        return Text("", "")
    return Text("/{names}", " per {names}").format(names=join(names, "·", " and "))


def share_text(number: Fraction) -> str:
    return f"{decimal_text(number * 100)}%"


def decimal_text(number: Fraction) -> str:
    """A number with thousands separators, exact up to six places and no more digits than needed; of
    one that would round to a plainer number as many as tell it from that."""
    exact = EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
    rounded = f"{exact:,.6f}"
    if 10**6 % number.denominator:
        for places in _FINER:
            if not rounded.endswith("00"):
                break
            rounded = f"{exact:,.{places}f}"
    return rounded.rstrip("0").rstrip(".")


def held_words(count: forms.Count, vocabulary: Vocabulary) -> Text:
    """The records that are counted: of which kind, and when."""
    test = count.test
    if isinstance(test, CertificateTest):
        names = listed([test.codes.label_of(c) for c in test.categories], "or")
        when, valid = _when(test.years, test.issued, _ISSUED), _VALID if test.valid else _NOWHERE
        return _CERTIFICATES.format(names=names, when=when, valid=valid)
    fact = vocabulary.facts[count.fact]
    levels = [_code_label(c, "levels", vocabulary) for c in test.levels]
    named = [*(Text(p, p) for p in test.programmes)]
    named += [_code_label(p, fact.list or "", vocabulary) for p in test.purposes]
    level = _LEVEL.format(names=listed(levels, "or")) if levels else _NOWHERE
    what = fact.label
    if named:
        what = Text("{what}（{names}）", "{what} ({names})").format(
            what=what, names=listed(named, "or")
        )
    return _AWARDS.format(when=_when(test.years, None, _HAD), level=level, what=what)


def _code_label(code: str, name: str, vocabulary: Vocabulary) -> Text:
    codes = vocabulary.lists.get(name)
    return codes.label_of(code) if codes is not None else Text(code, code)


def _when(years: Years | None, days: Window | Recent | None, pattern: Text) -> Text:
    """In which years or days, as an adverb; nothing where any will do."""
    if years is not None:
        first, last = years.first, years.last
        if years.relative:
            return pattern.format(years=_RELATIVE.get((first, last)) or _span(first, last))
        return pattern.format(years=_span(first, last))
    if isinstance(days, Recent):
        return pattern.format(years=_MONTHS_AGO.format(months=str(days.months)))
    if days is not None:
        first_day, last_day = (None if d is None else d.isoformat() for d in (days.start, days.end))
        return pattern.format(years=_span(first_day, last_day))
    return Text("", "")


def _span(first: object, last: object) -> Text:
    if first == last:
        return Text(f"{first} 年", f"in {first}")
    if last is None:
        return Text(f"{first} 以来", f"since {first}")
    if first is None:
        return Text(f"{last} 及以前", f"up to {last}")
    return Text(f"{first} 至 {last}", f"from {first} to {last}")


_RELATIVE: Mapping[tuple[int | None, int | None], Text] = {
    (0, 0): Text("本年", "this year"),
    (-1, -1): Text("上一年", "last year"),
    (-1, 0): Text("上一年以来", "since last year"),
    (None, -1): Text("本年以前", "before this year"),
}
