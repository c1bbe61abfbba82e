"""What a template needs to ask one fact: widget, present value, options, faults."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.vocabulary import Fact
from service.domain.text import Text
from service.domain.wording.number_words import decimal_text
from service.intake.currency import Currency, currency_of
from service.usecases.reference.code_search import path_of
from service.web.cases import Case, lost_codes, skip_key
from service.web.field_values import NONE, SMALL, Form, award_rows
from service.web.formatting import translate
from service.web.forms import FormResult, digest_of
from service.web.ports import PageContext
from service.web.questions import CodeUse, Widget, uses_of, widget
from service.web.relevance import out_of_place, within_reach_of_kind_and_place

_TITLES = (Widget.SEVERAL, Widget.CERTIFICATES)
_FEW_OPTIONS = 6
_ABOUT = Text("约 ", "about ")
_TERM = ("issued", "expires")
# Of more titles than that the page shows so many, and folds the others.
_MAX_TITLES, _SHOWN_TITLES = 9, 6


@dataclass(frozen=True)
class Option:
    """One value to choose. `uses` is how many programmes for this applicant look at it, None where
    that is not asked; `is_own`, whether one of them is for its kind, not only for what it may be as
    well; `is_broad`, whether it is part of no other, in a list where some are."""

    code: str
    label: Text
    chosen: bool = False
    help: Text | None = None
    uses: int | None = None
    issued_on: str = ""
    expires_on: str = ""
    is_none: bool = False
    is_broad: bool = False
    is_own: bool = True


@dataclass(frozen=True)
class Field:
    """One question on a page. `text` is what stands in a text field; `none` whether 都没有 is
    chosen; `search_text` the words in a search field; `rows` the awards;
    `money` what amounts are in; `was` the digest of what was stated when the page was made;
    `within` what stands before the names of a project that is stated on a page of several;
    `has_rest` whether an option holds for whatever is not listed."""

    fact: Fact
    widget: Widget
    text: str = ""
    options: tuple[Option, ...] = ()
    none: bool = False
    search_text: str = ""
    fault: Text | None = None
    rows: tuple[dict[str, str], ...] = ()
    levels: tuple[Option, ...] = field(default=())
    money: Currency | None = None
    was: str = ""
    within: str = ""
    has_rest: bool = False

    @property
    def denies_all(self) -> bool:
        """Whether 都没有 is a choice: always where it is chosen, nowhere that something always
        holds, and not beside an option for all that is not listed."""
        return self.none or not (self.fact.at_least_one or self.has_rest)

    @property
    def denial(self) -> Option | None:
        """The option that says none of the others, where the list has one."""
        return next((o for o in self.options if o.is_none), None)

    @cached_property
    def _named(self) -> tuple[Option, ...]:
        return tuple(o for o in self.options if not o.is_none)

    @property
    def likely(self) -> tuple[Option, ...]:
        """The options that matter to this applicant, and those chosen already; of many titles
        the first, which are nearest to its kind and place."""
        leading = self._leading
        return tuple(o for o in self._named if o.chosen or o in leading)

    @property
    def further(self) -> tuple[Option, ...]:
        """The titles that matter too, behind the first."""
        seen = {*self._leading, *self.unlikely}
        return tuple(o for o in self._named if o not in seen and not o.chosen)

    @property
    def _leading(self) -> tuple[Option, ...]:
        useful = [o for o in self._named if o.uses != 0]
        useful = [o for o in useful if o.is_own] or useful
        if len(useful) <= _MAX_TITLES or any(o.uses is None for o in useful):
            return tuple(useful)
        return tuple(useful[:_SHOWN_TITLES])

    @property
    def unlikely(self) -> tuple[Option, ...]:
        """The options that no programme for this applicant looks at."""
        return tuple(o for o in self._named if o.uses == 0 and not o.chosen)

    @property
    def has_nothing_to_choose(self) -> bool:
        """Whether it is a list of which no programme for this applicant looks at anything."""
        return bool(self.unlikely) and not self.likely and not self.further

    @property
    def is_answered(self) -> bool:
        """Whether anything is stated, typed or chosen."""
        return bool(self.text or self.none or self.search_text) or any(
            o.chosen for o in self.options
        )

    @property
    def id(self) -> str:
        """An id for HTML: no dots, which CSS would need escaped."""
        return self.name.replace(".", "-")

    @property
    def name(self) -> str:
        """The name of its input."""
        return f"{self.within}{self.fact.id}"

    @property
    def target(self) -> str:
        """The id of what to go to where the field is faulty: the input, or the group of choices."""
        searched = self.widget in (Widget.PICK, Widget.PICK_SEVERAL)
        return f"q-{self.id}" if searched else self.id


def fields_for(
    site: PageContext,
    case: Case,
    facts: Iterable[Fact],
    ref: str | None = None,
    reading: FormResult | None = None,
    within: str = "",
) -> list[Field]:
    """The questions of a page, filled with what is known, or with what was sent and is faulty."""
    fields = [_make_field(site, case, fact, ref, reading) for fact in facts]
    if any(_is_of_titles(site, field) for field in fields):
        within_reach = within_reach_of_kind_and_place(site, case)
        kinds = frozenset(_as_list(case.company.get("kind")))
        fields = [_with_uses(site, case, field, within_reach, kinds) for field in fields]
    return [replace(field, within=within) for field in fields]


def _known_value(site: PageContext, case: Case, fact: Fact, ref: str | None) -> Any:
    """What is stated; of choices that were lost because one is withdrawn, those that are still on
    the list, to be looked over and saved."""
    lost = case.lost.get(skip_key(fact, ref))
    codes = site.vocabulary.codes_of(fact)
    if lost is None or codes is None:
        return case.raw(fact, ref)
    left = [code for code in lost_codes(lost) if code in codes]
    if widget(fact, site.vocabulary) is Widget.CERTIFICATES:
        return [{"category": code} for code in left] or None
    return left or None


def _is_of_titles(site: PageContext, field: Field) -> bool:
    """Whether it is a long list of titles that some programme looks at, or a list that is asked in
    some places alone, such as the zones of several cities."""
    codes = site.vocabulary.codes_of(field.fact)
    if codes is None or field.widget not in _TITLES:
        return False
    if _is_asked_by_place(site, field.fact):
        return bool(site.code_uses.get(field.fact.id))
    if len(field.options) <= _FEW_OPTIONS:
        return False
    if field.widget is Widget.SEVERAL and not any(c.undefined for c in codes.codes.values()):
        return False
    return bool(site.code_uses.get(field.fact.id))


def _is_asked_by_place(site: PageContext, fact: Fact) -> bool:
    regions = site.vocabulary.region_list
    return any(site.vocabulary.facts[f].list == regions for f in fact.asked_of)


def _as_list(value: Any) -> list[str]:
    """The codes of a fact of one or of several; none where nothing is stated."""
    return [value] if isinstance(value, str) else list(value or ())


def _with_uses(
    site: PageContext,
    case: Case,
    field: Field,
    within_reach: Container[str],
    kinds: frozenset[str],
) -> Field:
    """A field of titles that tells which of them matter to the applicant's kind and place."""
    codes = site.vocabulary.codes_of(field.fact)
    if codes is None or not _is_of_titles(site, field):
        return field
    used = uses_of(site.code_uses, field.fact, codes, within_reach, kinds)
    unused, elsewhere = CodeUse(), out_of_place(site, case, codes)
    used = {code: use for code, use in used.items() if code not in elsewhere}
    listed = list(field.options)
    if field.widget is Widget.SEVERAL:  # certificates stand in the order of their rank
        listed.sort(key=lambda o: -used.get(o.code, unused).closeness)
    uses = [used.get(o.code, unused) for o in listed]
    options = (
        replace(o, uses=use.programmes, is_own=use.closeness > 0)
        for o, use in zip(listed, uses, strict=True)
    )
    return replace(field, options=tuple(options))


def _make_field(
    site: PageContext, case: Case, fact: Fact, ref: str | None, reading: FormResult | None
) -> Field:
    stated, value = case.raw(fact, ref), _known_value(site, case, fact, ref)
    kind = widget(fact, site.vocabulary)
    money = currency_of(site.vocabulary, fact) if kind in (Widget.MONEY, Widget.AWARDS) else None
    codes = site.vocabulary.codes_of(fact)
    fault = reading.faults.get(fact.id) if reading else None
    form = reading.form if reading else None
    parts: dict[str, Any] = {}
    if kind is Widget.AWARDS:
        parts = _award_parts(site, fact, codes, value, form)
    elif codes is None:
        asked = money if money and money.in_chinese else None
        about = translate(_ABOUT) if skip_key(fact, ref) in case.rough else ""
        shown = f"{about}{_shown_value(asked, value)}"
        parts = {"text": shown if form is None else form.get(fact.id, "")}
    else:
        chosen = _chosen_codes(fact, value, form)
        if value == [] and form is None and codes.none_code:
            chosen = [codes.none_code]
        extra = reading.candidates.get(fact.id, []) if reading else []
        parts = {
            "options": _make_options(
                kind, codes, chosen, extra, _certificate_parts(fact, codes, value, form)
            ),
            "none": value == [] if form is None else NONE in form.getlist(fact.id),
            "search_text": form.get(f"{fact.id}~q", "") if form else "",
            "has_rest": any(code.catch_all for code in codes.codes.values()),
        }
    changed = reading is not None and fact.id in reading.changed
    was = form.get(f"{fact.id}~was", "") if form and not changed else digest_of(stated)
    return Field(fact, kind, fault=fault, money=money, was=was, **parts)


def _shown_value(currency: Currency | None, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if currency is not None and value is not None:
        amount = Fraction(str(value))
        # A small one is asked for its unit; the digits of a large one cannot be counted.
        return f"{value} {currency.label.zh}" if 0 < amount < SMALL else decimal_text(amount)
    return "" if value is None else str(value)


def _chosen_codes(fact: Fact, value: Any, form: Form | None) -> list[str]:
    if form is not None:
        return [v for v in form.getlist(fact.id) if v and v != NONE]
    if isinstance(value, list):
        sure = (v for v in value if not (isinstance(v, dict) and v.get("unsure")))
        return [v["category"] if isinstance(v, dict) else str(v) for v in sure]
    return [] if value is None else [str(value)]


def _make_options(
    kind: Widget,
    codes: CodeList,
    chosen: list[str],
    extra: list[str],
    held: dict[str, dict[str, str]],
) -> tuple[Option, ...]:
    if kind in (Widget.PICK, Widget.PICK_SEVERAL):
        listed = dict.fromkeys([*(c for c in chosen if c in codes), *extra])
        return picks(codes, listed, chosen)
    # Who does not know of the others need not say so here: nothing is stated of them. That there
    # is nothing else is said beside something.
    offered = [
        c
        for c, entry in codes.codes.items()
        if c in chosen or not (c == codes.rest or (entry.completes and not chosen))
    ]
    place = {code: n for n, code in enumerate(codes.codes)}
    offered.sort(key=lambda code: [place[c] for c in _with_broader(codes, code)])
    options = (_make_option(codes.codes[c], c in chosen, held.get(c, {})) for c in offered)
    return tuple(replace(o, is_broad=_is_broad(codes, o.code)) for o in options)


def _is_broad(codes: CodeList, code: str) -> bool:
    has_levels = any(entry.parents for entry in codes.codes.values())
    return has_levels and not codes.codes[code].parents


def _with_broader(codes: CodeList, code: str) -> list[str]:
    """A code behind what it lies in, the broadest first: options stand below what they are part
    of."""
    found = [code]
    while parents := [p for p in codes.codes[found[0]].parents if p in codes.codes]:
        found.insert(0, parents[0])
    return found


def _certificate_parts(
    fact: Fact, codes: CodeList, value: Any, form: Form | None
) -> dict[str, dict[str, str]]:
    """The dates of certificates, by category: those stated, or those a form was sent with."""
    if form is None:
        return {c["category"]: c for c in value or () if isinstance(c, dict)}
    return {
        code: {f"{part}_on": form.get(f"{fact.id}~{part}~{code}", "") for part in _TERM}
        for code in codes.codes
    }


def picks(codes: CodeList, listed: Iterable[str], chosen: Iterable[str]) -> tuple[Option, ...]:
    """Options out of a long list, each with what it lies in."""
    taken = set(chosen)
    return tuple(Option(code, path_of(codes, code), code in taken) for code in listed)


def _make_option(code: Code, chosen: bool, held: dict[str, str]) -> Option:
    issued, expires = held.get("issued_on", ""), held.get("expires_on", "")
    return Option(
        code.code, code.label, chosen, code.help, None, issued, expires, code.none_of_others
    )


def _award_parts(
    site: PageContext, fact: Fact, codes: CodeList | None, value: Any, form: Form | None
) -> dict[str, Any]:
    """The awards, as they are stated or as a form was sent with them, and one empty row."""
    assert codes is not None
    stated = [{key: str(part) for key, part in award.items()} for award in value or ()]
    rows = stated if form is None else list(award_rows(fact, form))
    levels = site.vocabulary.lists.get("levels")
    return {
        "options": tuple(Option(c, codes.codes[c].label) for c in codes.codes),
        "rows": (*rows, {}),
        "levels": tuple(Option(c.code, c.label) for c in levels.codes.values()) if levels else (),
        "none": value == [] if form is None else NONE in form.getlist(fact.id),
    }
