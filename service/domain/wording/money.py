"""The money rule in words, generated from the rule itself."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import EACH_FOR_ITSELF, Cap, Per
from service.domain.rules.conditions import Basis
from service.domain.rules.instalments import Instalment
from service.domain.rules.paid_over_time import Duration
from service.domain.rules.quantities import Bands, Between, ByCode, Cases, Constant, Least, Quantity
from service.domain.rules.units import Unit, unit
from service.domain.text import (
    LIST_COMMA,
    SEMICOLON,
    Text,
    bracketed,
    grouped,
    join,
    listed,
    quoted,
    set_apart,
    spaced,
)
from service.domain.wording import labels, phrases
from service.domain.wording.number_words import number_words, share_text
from service.domain.wording.quantity_shapes import (
    has_loose_end,
    inside,
    is_open_upwards,
)
from service.domain.wording.sentences import clause, quantity_label


def formula(benefit: Benefit, vocabulary: Vocabulary) -> Text:
    """The money rule in words."""
    if benefit.amount is None and not benefit.caps and benefit.floor is None:
        return benefit.text or Text("", "")
    parts, per = [], _per_words(benefit)
    own = [cap for cap in benefit.caps if cap.shared is None]
    own.sort(key=lambda cap: _is_of_all(cap, benefit))
    if benefit.amount is not None:
        parts.append(_amount_words(benefit, vocabulary))
        if any(_is_of_all(cap, benefit) for cap in own):
            # Behind such a cap it would read as if that were the cap of each.
            parts[0], per = join((parts[0], per), Text("", "")), Text("", "")
    parts += [cap_words(cap, vocabulary, of_all=_is_of_all(cap, benefit)) for cap in own]
    if benefit.floor is not None:
        parts.append(phrases.FLOOR.format(x=spaced(_quantity_words(benefit.floor, vocabulary))))
    words = [join(parts, Text("，且", ", and ")), per]
    if len(parts) == 1 and words[1].en and benefit.amount and has_loose_end(benefit.amount):
        words[0] = replace(words[0], en=f"{words[0].en},")
    if benefit.minimum is not None:
        least = number_words(benefit.minimum.value, benefit.minimum.unit, vocabulary)
        words.append(phrases.MINIMUM.format(x=spaced(least)))
    words += _terms(benefit, vocabulary)
    shared = [cap_words(cap, vocabulary) for cap in benefit.caps if cap.shared]
    texts = [benefit.text] if benefit.text is not None else []
    words += [Text("；{text}", "; {text}").format(text=text) for text in (*shared, *texts)]
    return join(words, Text("", ""))


def _terms(benefit: Benefit, vocabulary: Vocabulary) -> Iterator[Text]:
    """How long it is paid and in what parts, how it is rounded, how often it is given."""
    if benefit.over is not None:
        yield (_duration_words(benefit.over, vocabulary))
        yield from _year_words(benefit.over.shares, vocabulary)
    if benefit.instalments:
        shares = join((_instalment_words(part) for part in benefit.instalments), LIST_COMMA)
        yield (phrases.INSTALMENTS.format(shares=shares))
    if not benefit.rounding.unsaid:
        to = number_words(benefit.rounding.to, _money_of(benefit, vocabulary), vocabulary)
        yield (phrases.ROUNDED[benefit.rounding.how].format(to=spaced(to)))
    if benefit.limit is not None:
        count = grouped(benefit.limit.count)
        yield (phrases.LIMIT[benefit.limit.per].format(count=count))
    if benefit.one_off:
        yield (phrases.ONE_OFF)
    if benefit.repayable:
        yield (phrases.REPAYABLE)


def _year_words(shares: Sequence[Quantity], vocabulary: Vocabulary) -> Iterator[Text]:
    """What of it is paid in each year, where the years differ."""
    figures = [share_text(share.value) for share in shares if isinstance(share, Constant)]
    if len(figures) == len(shares) > 0:
        listed_shares = listed([Text(figure, figure) for figure in figures], "and")
        yield phrases.YEAR_BY_YEAR.format(shares=listed_shares)
    elif shares:
        words = (
            phrases.SHARE_OF_YEAR.format(
                year=str(year), share=bracketed(quantity_label(share, vocabulary))
            )
            for year, share in enumerate(shares, start=1)
        )
        yield phrases.YEARS_BY_CASE.format(years=join(words, SEMICOLON))


def _money_of(benefit: Benefit, vocabulary: Vocabulary) -> Unit:
    return unit(benefit.currency or vocabulary.currency)


def _quantity_words(quantity: Quantity, vocabulary: Vocabulary) -> Text:
    return inside(quantity_label(quantity, vocabulary), quantity)


def _amount_words(benefit: Benefit, vocabulary: Vocabulary) -> Text:
    assert benefit.amount is not None
    words = _quantity_words(benefit.amount, vocabulary)
    period = benefit.over.period if benefit.over else None
    is_bound = benefit.floor is not None or any(cap.shared is None for cap in benefit.caps)
    if has_loose_end(benefit.amount) and (is_bound or period is not None):
        words = bracketed(words)
    open_upwards = is_open_upwards(benefit.amount)
    if period is None and (
        open_upwards or isinstance(benefit.amount, Bands | Between | ByCode | Cases)
    ):
        return words
    reckoned = not open_upwards and not isinstance(benefit.amount, Between | Constant)
    return phrases.AMOUNT[reckoned, period].format(x=spaced(words))


def _is_of_all(cap: Cap, benefit: Benefit) -> bool:
    """Whether a cap bounds all that a company gets of money that is counted for each of several
    things."""
    several = benefit.per in EACH_FOR_ITSELF and benefit.over is None
    return several and cap.per in phrases.CAP_OF_ALL and cap.each is None


def cap_words(cap: Cap, vocabulary: Vocabulary, *, of_all: bool = False) -> Text:
    """One cap, with what it is counted for and where it binds; `of_all` that a company gets of
    money that each of several things has."""
    if cap.when is not None:
        always = replace(cap, quantity=cap.when.quantity, when=None)
        condition = set_apart(clause(cap.when.condition, vocabulary))
        return phrases.CAP_WHERE.format(
            cap=cap_words(always, vocabulary, of_all=of_all), condition=condition
        )
    words = _quantity_words(cap.quantity, vocabulary)
    figure = isinstance(cap.quantity, Constant)
    x = spaced(bracketed(words) if has_loose_end(cap.quantity) else words)
    most = phrases.MOST[figure]
    if cap.each is not None:
        return phrases.YEARLY_CAP[cap.each].format(x=x, most=most)
    if cap.shared is None:
        return (phrases.CAP_OF_ALL if of_all else phrases.CAP)[cap.per].format(x=x, most=most)
    names = [quoted(name) for name in cap.shared.names]
    project = cap.per is Per.PROJECT
    who = phrases.OF_THE_MEASURE[project]
    if names:
        who = phrases.OF_SEVERAL[project].format(names=listed(names, "and"))
    return phrases.SHARED_CAP[cap.per].format(who=who, x=x, most=most)


def _instalment_words(part: Instalment) -> Text:
    share = share_text(part.share)
    words = Text(share, share)
    if part.when is None:
        return words
    return Text("{share}（{when}）", "{share} ({when})").format(share=words, when=part.when)


def _per_words(benefit: Benefit) -> Text:
    """What it is counted for; where that is our reading, or the text is silent, it says so."""
    per = benefit.per
    if benefit.over is not None and per in (Per.YEAR, benefit.over.period.value):
        return Text("", "")  # the amount of a year, or of a month, has said it
    by_cap = any(per in (cap.per, cap.each) and not cap.shared for cap in benefit.caps)
    stated = benefit.per_basis is Basis.STATED or per is Per.YEAR
    if by_cap and stated and per is not Per.UNSTATED:
        return replace(phrases.PER[per], en="")  # the cap has said it
    if per is Per.UNSTATED or benefit.per_basis is Basis.STATED:
        return phrases.PER[per]
    return phrases.PER_IMPLIED.format(per=labels.PER_NAME[per])


def _duration_words(over: Duration, vocabulary: Vocabulary) -> Text:
    """How long: a figure, or what counts it, with or without a figure that it does not exceed."""
    lasts = over.lasts
    if isinstance(lasts, Constant):
        return phrases.DURATION.format(x=_quantity_words(lasts, vocabulary))
    if isinstance(lasts, Least) and isinstance(lasts.terms[-1], Constant):
        *of, most = lasts.terms
        counts = join((_quantity_words(q, vocabulary) for q in of), LIST_COMMA)
        return phrases.DURATION_OF.format(of=counts, x=_quantity_words(most, vocabulary))
    return phrases.DURATION_BY.format(of=_quantity_words(lasts, vocabulary))
