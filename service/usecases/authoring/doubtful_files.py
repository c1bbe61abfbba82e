"""What can be served and was perhaps meant otherwise: days, places, shares, examples and digests
that `lint` asks about, or only notes where nobody but the author can tell.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from service.catalogue.fault_words import say
from service.catalogue.file_kinds import MEASURE
from service.domain.dates import Window
from service.domain.errors import Diagnostic
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.application import YearlyWindow
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Predicate, tests_in
from service.domain.rules.measures import Measure
from service.domain.rules.operators import InSet, Range
from service.domain.rules.programmes import Example, Programme
from service.domain.rules.quantities import Growth, MonthsBetween, Ratio
from service.domain.rules.unit_check import unit_of
from service.domain.rules.units import SHARE, YEAR
from service.domain.text import Text
from service.domain.truth import Truth
from service.domain.wording.number_words import FIRST_YEAR, share_text

_LONG_BEFORE = timedelta(days=366)
_LONG_IN_FORCE = timedelta(days=50 * 366)
_HALF_A_YEAR = timedelta(days=184)
_ANY_YEAR = 2027


def unread_measures(catalogue: Catalogue, today: date) -> Iterator[Diagnostic]:
    """A fault for each measure that was read on a day which is still to come."""
    for measure in catalogue.measures.values():
        if measure.reviewed_on > today:
            words = say("was_not_read_yet", day=measure.reviewed_on)
            yield from _at_measure(catalogue, measure, words, str(measure.reviewed_on))


def doubtful_files(catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Notes on what was perhaps meant otherwise."""
    for measure in catalogue.measures.values():
        for words, about in _doubts_of_measure(measure):
            yield from _at_measure(catalogue, measure, words, about)
    for programme in catalogue.programmes.values():
        for words, about in (
            *_application_doubts(programme),
            *_jurisdiction_doubts(programme, catalogue),
            *_place_doubts(programme, catalogue),
            *_share_doubts(programme, catalogue.vocabulary),
            *_month_doubts(programme),
            *_year_doubts(programme, catalogue.vocabulary),
        ):
            yield Diagnostic(programme.path, 1, words, about=about)
        yield from _examples_again(programme)
    for programmes in catalogue.by_measure.values():
        yield from _names_again(programmes)


def _at_measure(
    catalogue: Catalogue, measure: Measure, words: Text, about: str
) -> Iterator[Diagnostic]:
    """What is said of a measure, in the file beside those of its programmes."""
    for programme in catalogue.by_measure[measure.id][:1]:
        folder = programme.path.rpartition("/")[0]
        yield Diagnostic(f"{folder}/{MEASURE}", 1, words, about=about)


def _doubts_of_measure(measure: Measure) -> Iterator[tuple[Text, str]]:
    start, issued = measure.window.start, measure.issued_on
    if start is not None and start + _LONG_BEFORE < issued:
        yield say("begins_long_before_issue", start=start, issued=issued), str(start)
    end = measure.window.end
    if end is not None and end > issued + _LONG_IN_FORCE:
        yield say("in_force_for_long", issued=issued, end=end), str(end)
    seen: dict[str, int | str] = {}
    for article in measure.articles:
        if article.digest in seen:
            one = seen[article.digest]
            yield (
                say("one_digest_for_two_articles", one=one, other=article.number),
                article.digest,
            )
        seen.setdefault(article.digest, article.number)


def _application_doubts(programme: Programme) -> Iterator[tuple[Text, str]]:
    """Days of application on none of which the programme is in force."""
    own = programme.window
    for window in programme.application.windows:
        if isinstance(window, Window) and window.start and window.end and _apart(window, own):
            words = say("application_outside_the_window", programme=programme.id,
                        first=window.start, last=window.end,
                        start=own.start or "…", end=own.end or "…")  # fmt: skip
            yield words, str(window.start)
        elif isinstance(window, YearlyWindow) and window.first > window.last:
            days = window.occurrence(_ANY_YEAR)
            if days.start and days.end and days.end - days.start > _HALF_A_YEAR:
                yield say("applications_over_new_year", programme=programme.id), "yearly"
        elif isinstance(window, YearlyWindow) and window.first == window.last:
            yield say("applications_on_one_day", programme=programme.id), "yearly"


def _jurisdiction_doubts(programme: Programme, catalogue: Catalogue) -> Iterator[tuple[Text, str]]:
    """A place of its own that is more than the measure's, or another."""
    places, own = catalogue.vocabulary.regions, programme.jurisdiction
    whole = catalogue.measures[programme.measure].jurisdiction
    if own != whole and places.relation(own, whole) is not Truth.TRUE:
        words = say("jurisdiction_beyond_the_measure", programme=programme.id,
                    own=places.label_of(own), whole=places.label_of(whole))  # fmt: skip
        yield words, own


def _apart(one: Window, other: Window) -> bool:
    after = one.start is not None and other.end is not None and other.end < one.start
    before = one.end is not None and other.start is not None and one.end < other.start
    return after or before


def _place_doubts(programme: Programme, catalogue: Catalogue) -> Iterator[tuple[Text, str]]:
    """A place that every applicant has to be in, and that lies nowhere near the measure's; and one
    that is asked anywhere and is more than the measure's."""
    places, own = catalogue.vocabulary.regions, programme.jurisdiction
    for test in tests_in(programme.condition):
        asked = test.operator
        if not isinstance(asked, InSet) or asked.codes is None or asked.codes.id != places.id:
            continue
        targets = list(map(str, asked.values))
        apart = all(_lie_apart(places, target, own) for target in targets)
        if apart and test in programme.condition.children:
            key = "place_outside_the_measure"
        elif all(_lies_beyond(places, target, own) for target in targets):
            key = "place_beyond_the_measure"
        else:
            continue
        words = say(key, programme=programme.id, place=places.label_of(targets[0]),
                    jurisdiction=places.label_of(own))  # fmt: skip
        yield words, targets[0]


def _lie_apart(places: CodeList, one: str, other: str) -> bool:
    return places.relation(one, other) is places.relation(other, one) is Truth.FALSE


def _lies_beyond(places: CodeList, one: str, other: str) -> bool:
    return one != other and places.relation(other, one) is Truth.TRUE


def _share_doubts(programme: Programme, vocabulary: Vocabulary) -> Iterator[tuple[Text, str]]:
    """Bounds of shares that are more than the whole, where per cent were perhaps meant."""
    for test in tests_in(programme.condition):
        bounds = test.operator
        if not isinstance(test.quantity, Growth | Ratio) or not isinstance(bounds, Range):
            continue
        if unit_of(test.quantity, vocabulary) != SHARE:
            continue
        for bound in (bounds.low, bounds.high):
            if bound is not None and not isinstance(bound, date) and bound > 1:
                share = share_text(Fraction(bound))
                yield say("bound_above_the_whole", programme=programme.id, share=share), "ratio"


def _month_doubts(programme: Programme) -> Iterator[tuple[Text, str]]:
    """Complete months that may be so many and no more, which days left over do not exceed."""
    for test in programme.tests:
        bounds = test.operator
        if not isinstance(test.quantity, MonthsBetween) or not isinstance(bounds, Range):
            continue
        most = bounds.high if bounds.high_included else None
        more = None if bounds.low_included else bounds.low
        if months := most or more:
            yield say("complete_months", programme=programme.id, months=months), "months_between"


def _year_doubts(programme: Programme, vocabulary: Vocabulary) -> Iterator[tuple[Text, str]]:
    """One year that is asked for by its number, in years of which there are several."""
    start, end = programme.window.start, programme.window.end
    if start and end and start.year == end.year:
        return
    for test in tests_in(programme.condition):
        year = _only_year(test, vocabulary)
        if year is not None:
            yield say("one_year_by_number", programme=programme.id, year=str(year)), "is"


def _only_year(test: Predicate, vocabulary: Vocabulary) -> int | None:
    """The one year of the calendar that meets a test."""
    asked = test.operator
    values = asked.values if isinstance(asked, InSet) else ()
    if (
        isinstance(asked, Range)
        and asked.low == asked.high
        and isinstance(asked.low, int | Fraction)
    ):
        values = (int(asked.low),)
    year = values[0] if len(values) == 1 else None
    if not isinstance(year, int) or year < FIRST_YEAR:
        return None
    return year if unit_of(test.quantity, vocabulary) == YEAR else None


def _names_again(programmes: Iterable[Programme]) -> Iterator[Diagnostic]:
    """Programmes of one measure that readers cannot tell apart."""
    seen: dict[Text, str] = {}
    for programme in programmes:
        one = seen.setdefault(programme.name, programme.id)
        if one != programme.id:
            words = say("called_as_another", programme=programme.id, other=one)
            yield Diagnostic(programme.path, 1, words, about="name")


def _examples_again(programme: Programme) -> Iterator[Diagnostic]:
    """Examples that say what another has said already."""
    seen: list[Example] = []
    for example in programme.examples:
        same = next((e for e in seen if _says_the_same(e, example)), None)
        if same is not None:
            words = say("example_stands_twice", programme=programme.id, line=same.line)
            yield Diagnostic(programme.path, example.line, words)
        seen.append(example)


def _says_the_same(one: Example, other: Example) -> bool:
    return (one.given, one.as_of, one.project, one.expect) == (
        other.given, other.as_of, other.project, other.expect,
    )  # fmt: skip
