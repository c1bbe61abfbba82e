"""What rules ask of certificates and of support had: categories, programmes, levels and years."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeGuard

from service.catalogue.fault_words import quoted, say
from service.catalogue.faults import ConditionFault, check_keys, not_in_list
from service.catalogue.schema_fields import month_and_day
from service.domain.dates import Span, Window
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.levels import LEVELS
from service.domain.rules.record_tests import AwardTest, CertificateTest
from service.domain.rules.record_times import FiscalYears, FromNow, Recent, Years
from service.domain.text import Text

MAX_MONTHS = 1200
MAX_DAYS = 36_500
MAX_YEARS = 100
_YEARS_AGO = re.compile("([2-9]|[1-9][0-9])_years_ago")
_YEAR_WORDS = {"this_year": 0, "last_year": -1}
AWARD_KEYS = {"fact", "programme", "purpose", "level", "year", "within"}
CERTIFICATE_KEYS = {"fact", "category", "issued", "valid"}


def years_from_now(word: str) -> int | None:
    """How many years after the year of the evaluation a word stands for; None where for none."""
    ago = _YEARS_AGO.fullmatch(word)
    return -int(ago[1]) if ago else _YEAR_WORDS.get(word)


def record_fact(raw: Mapping[str, Any], kind: FactType, vocabulary: Vocabulary) -> Fact:
    """The fact that holds the records: the one that is named, or the only one of its type."""
    facts = [f for f in vocabulary.facts.values() if f.type is kind]
    named = [f for f in facts if f.id == raw.get("fact")] if "fact" in raw else facts
    if len(named) != 1:
        raise ConditionFault(say("name_the_fact_of_type", kind=kind.value), {f.id for f in facts})
    return named[0]


def award_test(
    raw: Mapping[str, Any], fact: Fact, vocabulary: Vocabulary, names: Mapping[str, Text]
) -> AwardTest:
    """The test of `had` and `awards`; `names` of all programmes by id. Raises ConditionFault."""
    _check_mapping(raw, AWARD_KEYS)
    if not raw.keys() - {"fact"}:
        raise ConditionFault(say("support_not_named"),
                             AWARD_KEYS)  # fmt: skip
    purposes = _read_codes(raw.get("purpose"), vocabulary.codes_of(fact))
    levels = _read_codes(raw.get("level"), vocabulary.lists.get(LEVELS))
    years = years_of(raw["year"]) if "year" in raw else None
    programmes = _read_texts(raw.get("programme"))
    programme_names = tuple(names.get(p) or Text(p, p) for p in programmes)
    within = _award_window(raw["within"]) if "within" in raw else None
    return AwardTest(programmes, purposes, levels, years, programme_names, within=within)


def certificate_test(raw: Mapping[str, Any], fact: Fact, vocabulary: Vocabulary) -> CertificateTest:
    """The test of `certificates`, and of `holds` with `issued`. Raises ConditionFault."""
    _check_mapping(raw, CERTIFICATE_KEYS)
    codes = vocabulary.codes_of(fact)
    categories = _read_codes(raw.get("category"), codes)
    if codes is None or not categories:
        raise ConditionFault(say("which_certificates_name_a_category"), {"category"})
    valid = raw.get("valid", True)
    if not isinstance(valid, bool):
        raise ConditionFault(say("valid_must_be_true_or_false"))
    issued = raw.get("issued")
    if _is_span(issued):
        return CertificateTest(categories, codes, _recent("issued", issued), None, valid)
    days = _read_days(issued) if isinstance(issued, dict) else None
    years = years_of(issued) if issued is not None and days is None else None
    return CertificateTest(categories, codes, days, years, valid)


def _is_span(raw: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether it is `{months: 6}` or `{days: 90}`."""
    return isinstance(raw, dict) and len(raw) == 1 and raw.keys() <= {"months", "days"}


def _recent(key: str, raw: Mapping[str, Any]) -> Recent:
    span = read_span(raw)
    if span is None:
        raise ConditionFault(say("needs_a_whole_number_of_months", key=key))
    return Recent(span)


def read_span(raw: Mapping[str, Any]) -> Span | None:
    """So many whole months, or so many whole days; None where the number is none."""
    ((key, count),) = raw.items()
    if not _is_count(count, MAX_MONTHS if key == "months" else MAX_DAYS):
        return None
    return Span(**{key: count})


def _award_window(raw: Any) -> Recent | FiscalYears:
    """The days in which support was had: `{months: 36}`, or `{fiscal_years: 3, end: 03-31}`."""
    _check_mapping(raw, {"months", "days", "fiscal_years", "end"})
    if _is_span(raw):
        return _recent("within", raw)
    end = month_and_day(raw.get("end", "12-31"))
    if (
        raw.keys() & {"months", "days"}
        or end is None
        or not _is_count(raw.get("fiscal_years"), MAX_YEARS)
    ):
        raise ConditionFault(say("within_needs_months_or_fiscal_years"))
    return FiscalYears(raw["fiscal_years"], *end)


def _is_count(raw: Any, most: int) -> bool:
    return not isinstance(raw, bool) and isinstance(raw, int) and 0 < raw <= most


def _read_days(raw: Mapping[str, Any]) -> Window | None:
    """The days of `{from: 2025-01-01, to: …}`; None where years are named."""
    _check_mapping(raw, {"from", "to"})
    if not any(isinstance(day, date) for day in raw.values()):
        return None
    if not all(isinstance(day, date) for day in raw.values()):
        raise ConditionFault(say("from_and_to_are_both_days"))
    return Window(raw.get("from"), raw.get("to"))


def years_of(raw: Any) -> Years:
    """Calendar years: 2025, `last_year`, or `{from: …, to: …}` of such. Of years named and years
    counted from this one nobody can say which come first, before the day is known."""
    ends = raw if isinstance(raw, dict) else {"from": raw, "to": raw}
    _check_mapping(ends, {"from", "to"})
    first, last = (_read_year(ends[key]) if key in ends else None for key in ("from", "to"))
    if first is None and last is None:
        raise ConditionFault(say("a_year_is_2025_this_year_last_year"))
    named = isinstance(first, int) and isinstance(last, int) and last < first
    counted = isinstance(first, FromNow) and isinstance(last, FromNow) and last.years < first.years
    if named or counted:
        raise ConditionFault(say("file_ends_before_it_begins", to=ends["to"], from_=ends["from"]))
    return Years(first, last)


def _read_year(end: Any) -> int | FromNow:
    """A year that is named, or counted from this one."""
    years = years_from_now(end) if isinstance(end, str) else None
    if years is not None:
        return FromNow(years)
    if isinstance(end, bool) or not isinstance(end, int):
        raise ConditionFault(say("a_year_is_2025_this_year_last_year"))
    return end


def _read_texts(raw: Any) -> tuple[str, ...]:
    named = _as_list(raw)
    if not all(isinstance(name, str) and name for name in named):
        raise ConditionFault(say("programmes_are_named_by_their_ids"))
    return tuple(named)


def _as_list(raw: Any) -> list[Any]:
    """One name, or a list of some; nothing where the key is left out."""
    if isinstance(raw, list) and not raw:
        raise ConditionFault(say("a_list_that_names_nothing_leave"))
    return [] if raw is None else raw if isinstance(raw, list) else [raw]


def _read_codes(raw: Any, codes: CodeList | None) -> tuple[str, ...]:
    named = _as_list(raw)
    for code in named:
        if codes is None:
            raise ConditionFault(say("vocabulary_without_list_of_code", code=quoted(code)))
        if code not in codes:
            raise not_in_list(code, codes)
    return tuple(named)


def _check_mapping(raw: Any, allowed: set[str]) -> None:
    if not isinstance(raw, dict):
        raise ConditionFault(say("must_be_a_mapping"), allowed)
    check_keys(raw, allowed)
