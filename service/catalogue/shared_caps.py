"""Caps that a measure sets for several of its programmes together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from service.catalogue.fault_words import NOTHING, joined_by_commas, quoted, say
from service.catalogue.faults import did_you_mean
from service.catalogue.measures import MeasureFile
from service.catalogue.money_reader import read_cap
from service.catalogue.yaml_tree import Path
from service.domain.facts.vocabulary import Owner
from service.domain.rules.caps import Cap, Per, SharedBy
from service.domain.rules.conditions import Clause
from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Programme


def with_shared_caps(
    homes: Iterable[MeasureFile], programmes: Mapping[str, Programme]
) -> tuple[dict[str, Measure], dict[str, Programme]]:
    """The measures and programmes with the caps that several programmes share; faults are noted."""
    measures, bound = {}, dict(programmes)
    by_measure: dict[str, dict[str, Programme]] = {}
    for programme in programmes.values():
        by_measure.setdefault(programme.measure, {})[programme.id] = programme
    for home in homes:
        own = by_measure.get(home.measure.id, {})
        caps = tuple(_caps(home, own))
        measures[home.measure.id] = replace(home.measure, caps=caps)
        for programme in own.values():
            bound[programme.id] = _bound(programme, caps)
    return measures, bound


def _bound(programme: Programme, caps: tuple[Cap, ...]) -> Programme:
    mine = tuple(c for c in caps if c.shared and programme.id in c.shared.programmes)
    if not mine or programme.benefit is None:
        return programme
    benefit = programme.benefit
    return replace(programme, benefit=replace(benefit, caps=(*benefit.caps, *mine)))


def _caps(home: MeasureFile, programmes: Mapping[str, Programme]) -> Iterator[Cap]:
    for i, raw in enumerate(home.raw_caps):
        at: Path = ("caps", i)
        clause = Clause(home.measure.id, raw["article"])
        if home.measure.article(raw["article"]) is None:
            known = [str(a.number) for a in home.measure.articles]
            words = say("has_no_article", measure=home.measure.id, article=quoted(raw["article"]))
            home.document.fault((*at, "article"), words, known)
        members = frozenset(_members(home, at, raw, programmes))
        cap = _read(home, at, raw, clause, members, programmes)
        if cap is not None:
            names = tuple(programmes[p].name for p in raw.get("programmes", ()) if p in members)
            yield replace(cap, shared=SharedBy(clause, members, names))


def _read(
    home: MeasureFile, at: Path, raw: Mapping[str, Any], clause: Clause,
    members: frozenset[str], programmes: Mapping[str, Programme],
) -> Cap | None:  # fmt: skip
    cap = read_cap(raw, home.document, at, home.compiler.quantities, clause)
    for name in cap.quantity.facts if cap else ():
        fact = home.compiler.vocabulary.facts[name]
        if fact.owner is not Owner.PROJECT:
            continue
        if cap and cap.per is not Per.PROJECT:
            words = say("cap_of_the_applicant_by_a_project", name=name)
            home.document.fault(at, words)
        kinds = {kind for p in members for kind in programmes[p].supports}
        missing = sorted(kinds - set(fact.kinds)) if fact.kinds else ()
        if missing:
            words = say("is_no_fact_of_project_kind", name=name, names=joined_by_commas(missing))
            home.document.fault(at, words, fact.kinds)
    return cap


def _members(
    home: MeasureFile, at: Path, raw: Mapping[str, Any], programmes: Mapping[str, Programme]
) -> Iterator[str]:
    """The programmes that a cap binds: those that it names, or all whose money it can bind."""
    if "programmes" not in raw:
        yield from (p.id for p in programmes.values() if _is_bound(home, p, raw))
    for i, name in enumerate(raw.get("programmes", ())):
        place = (*at, "programmes", i)
        if name not in programmes:
            words = say(
                "has_no_programme",
                measure=home.measure.id,
                name=quoted(name),
                hint=did_you_mean(name, programmes),
            )
            home.document.fault(place, words, sorted(programmes))
        elif not _is_bound(home, programmes[name], raw):
            project = raw["per"] == Per.PROJECT
            which = say("for_a_project_that_it_supports") if project else NOTHING
            none = say("no_programme_is_given_to_the_applicant", which=which)
            words = say("has_no_money_that_this_cap", name=name, words=none)
            home.document.fault(place, words)
        else:
            yield name


def _is_bound(home: MeasureFile, programme: Programme, raw: Mapping[str, Any]) -> bool:
    benefit, currency = programme.benefit, home.compiler.vocabulary.currency
    return (
        benefit is not None
        and benefit.is_reckoned
        and not benefit.repayable
        and not benefit.personal
        and (benefit.currency or currency) == (raw.get("currency") or currency)
        and (raw["per"] != Per.PROJECT or bool(programme.supports))
    )
