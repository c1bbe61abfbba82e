"""The vocabulary files become a domain vocabulary: facts, units, and who is asked what."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from service.catalogue.code_lists import build_lists
from service.catalogue.fault_words import quoted, say
from service.catalogue.implications import build_implications, build_values
from service.catalogue.minor_units import CURRENCY_CODE, coin
from service.catalogue.number_units import no_such_unit
from service.catalogue.shape_check import check_shape
from service.catalogue.source import Source
from service.catalogue.texts import languages
from service.catalogue.vocabulary_schemas import VocabularySchema
from service.catalogue.yaml_tree import Document
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import (
    NO_CURRENCY,
    Fact,
    FactType,
    FinerQuestion,
    Owner,
    Sensitivity,
    UnitWords,
    Vocabulary,
)
from service.domain.rules.unit_check import unit_of_name
from service.domain.rules.units import SHARE_NAME
from service.domain.text import Text, text_of

_LISTED = {FactType.CODE, FactType.CODES, FactType.CERTIFICATES, FactType.AWARDS}
_NUMERIC = {FactType.INTEGER, FactType.NUMBER, FactType.MONEY}
_SCHEMA = VocabularySchema()
# What a catalogue need not name: the units that time and things are counted in.
OWN_UNITS = {
    "year": UnitWords(Text("年", "years"), Text("年", "year")),
    "month": UnitWords(Text("个月", "months"), Text("月", "month")),
    "quarter": UnitWords(Text("个季度", "quarters"), Text("季度", "quarter")),
    "day": UnitWords(Text("天", "days"), Text("天", "day")),
    "item": UnitWords(Text("项", ""), Text("项", "item")),
}


def build_vocabulary(documents: Iterable[Document], source: Source) -> Vocabulary:
    """One vocabulary from one or several files; a later file may add facts, lists and codes, not
    alter them."""
    files = [(d, check_shape(_SCHEMA, d) or {}) for d in documents]
    lists = build_lists(files, source)
    settings = _build_settings(files, lists)
    facts: dict[str, Fact] = {}
    for document, data in files:
        for fact_id, raw in (data.get("facts") or {}).items():
            if fact_id in facts:
                document.fault(
                    ("facts", fact_id),
                    say("fact_is_already_defined_elsewhere", fact_id=quoted(fact_id)),
                )
            fact = _build_fact(fact_id, raw, document, lists, settings.get("currency", NO_CURRENCY))
            if fact:
                facts[fact_id] = fact
    for document, data in files:
        _check_defaults(data.get("facts") or {}, facts, document)
        _limit_askers(data.get("facts") or {}, facts, document, lists)
        _widen_kinds(data.get("extends") or {}, facts, document)
    implications = [
        rule
        for document, data in files
        for rule in build_implications(data.get("implies"), document, facts, lists)
    ]
    units = dict(OWN_UNITS)
    for _, data in files:
        units |= {name: _build_unit(raw) for name, raw in (data.get("units") or {}).items()}
    for document, data in files:
        _check_units(data.get("facts") or {}, document, units)
    return Vocabulary(
        MappingProxyType(facts),
        MappingProxyType(lists),
        tuple(implications),
        MappingProxyType(units),
        **settings,
    )


def _build_settings(
    files: Iterable[tuple[Document, Mapping[str, Any]]], lists: Mapping[str, CodeList]
) -> dict[str, Any]:
    """What one of the files says for the whole catalogue; the defaults stand for the rest."""
    stated: dict[str, Any] = {}
    for document, data in files:
        for key in ("languages", "currency", "time_zone", "region_list"):
            if key not in data:
                continue
            if key in stated:
                document.fault((key,), say("is_already_said_in_another_file", key=key))
            stated[key] = tuple(data[key]) if key == "languages" else data[key]
        if data.get("region_list") and data["region_list"] not in lists:
            words = say("there_is_no_list", region_list=quoted(data["region_list"]))
            document.fault(("region_list",), words, sorted(lists))
    return stated


def _widen_kinds(extends: Mapping[str, Any], facts: dict[str, Fact], document: Document) -> None:
    """A kind of project that is added has the facts that its entry names."""
    for name, entries in extends.items():
        for code, raw in entries.items():
            for fact_id in raw.get("facts", ()):
                fact = facts.get(fact_id)
                if fact is None or fact.owner is not Owner.PROJECT:
                    projects = [f.id for f in facts.values() if f.owner is Owner.PROJECT]
                    at = ("extends", name, code, "facts")
                    document.fault(
                        at, say("is_no_fact_of_a_project", fact_id=quoted(fact_id)), projects
                    )
                elif fact.kinds:
                    facts[fact_id] = replace(fact, kinds=(*fact.kinds, code))


def _build_unit(raw: Mapping[str, Any]) -> UnitWords:
    each: Text = raw["label"]
    counted, aliases = raw.get("counted"), tuple(raw.get("aliases", ()))
    if counted is None:
        return UnitWords(each, each, aliases)
    words = {tag: counted.get(tag, each.in_language(tag)) for tag in languages()}
    return UnitWords(text_of(words, languages()), each, aliases)


def _check_units(
    facts: Mapping[str, Any], document: Document, units: Mapping[str, UnitWords]
) -> None:
    """A number says what it counts, in units that have words; a currency may go by its code."""
    for fact_id, raw in facts.items():
        kind, name = FactType(raw["type"]), raw.get("unit")
        bare = kind is FactType.NUMBER and not raw.keys() & {"unit", "maximum", "parameter"}
        if bare:
            document.fault(("facts", fact_id), say("a_number_names_its_unit", fact=fact_id))
        if name in (None, SHARE_NAME, "%"):
            continue
        found = unit_of_name(name)
        for symbol in (*found.above, *found.below):
            if symbol not in units and not CURRENCY_CODE.fullmatch(symbol):
                words = no_such_unit(symbol, units)
                document.fault(("facts", fact_id, "unit"), words, {**units, SHARE_NAME: None})


def _build_fact(
    fact_id: str,
    raw: Mapping[str, Any],
    document: Document,
    lists: Mapping[str, CodeList],
    currency: str,
) -> Fact | None:
    at = ("facts", fact_id)
    if not re.fullmatch(r"(company|project)\.[a-z][a-z0-9_]*", fact_id):
        document.fault(at, say("must_be_company_name_or_project", fact_id=quoted(fact_id)))
        return None
    owner, name = fact_id.split(".")
    kind = FactType(raw["type"])
    _check_type(fact_id, raw, document, lists)
    return Fact(
        id=fact_id, owner=Owner(owner), name=name, type=kind,
        label=raw["label"], question=raw["question"], help=raw["help"],
        unit=raw.get("unit"), list=raw.get("list"), scheme=raw.get("scheme"),
        minimum=raw.get("minimum"), maximum=raw.get("maximum"),
        positive=raw.get("positive", False), changeable=raw.get("changeable", False),
        repayable=raw.get("repayable", False), received=raw.get("received"),
        parameter=raw.get("parameter"),
        sensitivity=Sensitivity(raw.get("sensitivity", "commercial")),
        default_from=raw.get("default_from"), quiet=raw.get("quiet", False),
        kinds=tuple(raw.get("kinds", ())), kind_unsaid=raw.get("kind_unsaid", False),
        at_least_one=raw.get("at_least_one", False),
        aliases=tuple(raw.get("aliases", ())), never_asked=raw.get("never_asked", False),
        finer=FinerQuestion(**raw["finer"]) if "finer" in raw else None,
        coin=coin(raw.get("unit", currency)),
    )  # fmt: skip


def _check_type(
    fact_id: str, raw: Mapping[str, Any], document: Document, lists: Mapping[str, CodeList]
) -> None:
    """Note what does not go with the type of a fact: a list, bounds, an owner."""
    at, kind = ("facts", fact_id), FactType(raw["type"])
    if kind in _LISTED and "list" not in raw:
        known = sorted(lists)
        document.fault(at, say("a_fact_of_the_type_names_its_list", kind=kind.value), known)
    elif kind not in _LISTED and "list" in raw:
        document.fault(at, say("a_list_belongs_to_the_types", fact_id=fact_id), sorted(_LISTED))
    elif "list" in raw and raw["list"] not in lists:
        document.fault(
            (*at, "list"),
            say("there_is_no_list_for_the_fact", list=quoted(raw["list"])),
            sorted(lists),
        )
    if kind is FactType.PROJECTS and not fact_id.startswith(f"{Owner.COMPANY}."):
        document.fault(at, say("projects_are_the_companys", fact_id=fact_id))
    if kind not in _NUMERIC and raw.keys() & {"minimum", "maximum", "positive"}:
        document.fault(at, say("only_numbers_have_bounds", fact_id=fact_id), sorted(_NUMERIC))
    if "at_least_one" in raw and kind is not FactType.CODES:
        document.fault(at, say("at_least_one_needs_codes", fact_id=fact_id))
    if "received" in raw and kind is not FactType.MONEY:
        document.fault((*at, "received"), say("received_is_of_money", fact_id=fact_id))


def _check_defaults(raws: Mapping[str, Any], facts: Mapping[str, Fact], document: Document) -> None:
    for fact_id, raw in raws.items():
        other = raw.get("default_from")
        if other is None or fact_id not in facts:
            continue
        if other not in facts or facts[other].list != facts[fact_id].list:
            document.fault(
                ("facts", fact_id, "default_from"),
                say("must_be_a_fact_of_the_same_list", other=quoted(other)),
                sorted(f.id for f in facts.values() if f.list == facts[fact_id].list),
            )


def _limit_askers(
    raws: Mapping[str, Any], facts: dict[str, Fact], document: Document,
    lists: Mapping[str, CodeList],
) -> None:  # fmt: skip
    """Who is asked a fact, and whom it is likely a matter for, is told by facts of the company."""
    for fact_id, raw in raws.items():
        if fact_id not in facts:
            continue
        told_by = {}
        for key in ("asked_of", "not_asked_of", "hinted_by"):
            at = ("facts", fact_id, key)
            told_by[key] = build_values(raw.get(key, {}), document, at, facts, lists)
            for name in told_by[key]:
                if name in facts and facts[name].owner is not Owner.COMPANY:
                    document.fault((*at, name), say("is_no_fact_of_the_company", name=name))
        facts[fact_id] = replace(
            facts[fact_id],
            asked_of=told_by["asked_of"],
            not_asked_of=told_by["not_asked_of"],
            hinted_by=told_by["hinted_by"],
        )
