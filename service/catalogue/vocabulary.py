"""The vocabulary file and the code tables beside it become a domain vocabulary."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

from service.catalogue.fault_words import quoted, say
from service.catalogue.implications import build_implications, build_values
from service.catalogue.shape_check import check_shape
from service.catalogue.source import Source
from service.catalogue.texts import languages
from service.catalogue.vocabulary_schemas import VocabularySchema
from service.catalogue.yaml_tree import Document, Faults, Path
from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.vocabulary import (
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
_CURRENCY = re.compile("[A-Z]{3}")
_SCHEMA = VocabularySchema()
# What a catalogue need not name: the units that time and things are counted in.
_OWN_UNITS = {
    "year": UnitWords(Text("年", "years"), Text("年", "year")),
    "month": UnitWords(Text("个月", "months"), Text("月", "month")),
    "day": UnitWords(Text("天", "days"), Text("天", "day")),
    "item": UnitWords(Text("项", ""), Text("项", "item")),
}


def build_vocabulary(documents: Iterable[Document], source: Source) -> Vocabulary:
    """One vocabulary from one or several files; a later file may add facts, lists and codes, not
    alter them."""
    files = [(d, check_shape(_SCHEMA, d) or {}) for d in documents]
    lists = _build_lists(files, source)
    facts: dict[str, Fact] = {}
    for document, data in files:
        for fact_id, raw in (data.get("facts") or {}).items():
            if fact_id in facts:
                document.fault(
                    ("facts", fact_id),
                    say("fact_is_already_defined_elsewhere", fact_id=quoted(fact_id)),
                )
            fact = _build_fact(fact_id, raw, document, lists)
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
    units = dict(_OWN_UNITS)
    for _, data in files:
        units |= {name: _build_unit(raw) for name, raw in (data.get("units") or {}).items()}
    for document, data in files:
        _check_units(data.get("facts") or {}, document, units)
    return Vocabulary(
        MappingProxyType(facts),
        MappingProxyType(lists),
        tuple(implications),
        MappingProxyType(units),
        **_build_settings(files, lists),
    )


def _build_settings(
    files: Iterable[tuple[Document, Mapping[str, Any]]], lists: Mapping[str, CodeList]
) -> dict[str, Any]:
    """What one of the files says for the whole catalogue; the defaults stand for the rest."""
    found: dict[str, Any] = {}
    for document, data in files:
        for key in ("languages", "currency", "time_zone", "region_list"):
            if key not in data:
                continue
            if key in found:
                document.fault((key,), say("is_already_said_in_another_file", key=key))
            found[key] = tuple(data[key]) if key == "languages" else data[key]
        if data.get("region_list") and data["region_list"] not in lists:
            words = say("there_is_no_list", region_list=quoted(data["region_list"]))
            document.fault(("region_list",), words, sorted(lists))
    return found


def _build_lists(
    files: Iterable[tuple[Document, Mapping[str, Any]]], source: Source
) -> dict[str, CodeList]:
    """The lists that files define, with the codes that others add to them."""
    lists: dict[str, CodeList] = {}
    for document, data in files:
        for name, raw in (data.get("lists") or {}).items():
            if name in lists:
                document.fault(
                    ("lists", name), say("list_is_already_defined_elsewhere", name=quoted(name))
                )
            lists[name] = _code_list(name, raw, document, source)
    for document, data in files:
        for name, entries in (data.get("extends") or {}).items():
            _extend_list(name, entries, lists, document)
    return {name: _with_ties(codes) for name, codes in lists.items()}


def _with_ties(codes: CodeList) -> CodeList:
    """A list whose code for what is not stated may also be every other of it, and whose code for
    none of the others excludes what is not concluded by itself."""
    if codes.rest is None and codes.none_code is None:
        return codes
    others = tuple(c for c, e in codes.codes.items() if not (e.rest or e.successor))
    undefined = tuple(c for c, e in codes.codes.items() if e.undefined)
    entries = dict(codes.codes)
    if codes.rest is not None:
        entries[codes.rest] = replace(entries[codes.rest], may_also_be=others)
    if codes.none_code is not None:
        entries[codes.none_code] = replace(entries[codes.none_code], excludes=undefined)
    return replace(codes, codes=MappingProxyType(entries))


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


def _extend_list(
    name: str, entries: Mapping[str, Any], lists: dict[str, CodeList], document: Document
) -> None:
    """Add codes to a list that another file defines."""
    if name not in lists:
        document.fault(
            ("extends", name), say("there_is_no_list_to_extend", name=quoted(name)), sorted(lists)
        )
        return
    codes = dict(lists[name].codes)
    namespace = namespace_of(document.file)
    for code, raw in entries.items():
        at: Path = ("extends", name, code)
        if code in codes:
            document.fault(
                at, say("code_already_stands_in_list", code=quoted(code), name=quoted(name))
            )
        if namespace and not code.startswith(f"{namespace}."):
            document.fault(
                at,
                say("must_begin_with_and_a_dot_2", code=quoted(code), namespace=quoted(namespace)),
            )
        codes[code] = _build_code(code, raw)
    _check_links(name, codes, document, ("extends", name), entries)
    _check_spelling(("extends", name), entries, document)
    lists[name] = replace(lists[name], codes=MappingProxyType(codes))


def namespace_of(file: str) -> str | None:
    """The name that an operator's own ids and codes begin with; None for a file of ours."""
    parts = PurePosixPath(file).parts
    return parts[1] if parts[0] == "private" and len(parts) > 2 else None


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
            if symbol not in units and not _CURRENCY.fullmatch(symbol):
                words = say("there_is_no_unit", symbol=quoted(symbol))
                document.fault(("facts", fact_id, "unit"), words, {**units, SHARE_NAME: None})


def _build_fact(
    fact_id: str, raw: Mapping[str, Any], document: Document, lists: Mapping[str, CodeList]
) -> Fact | None:
    at = ("facts", fact_id)
    if not re.fullmatch(r"(company|project)\.[a-z][a-z0-9_]*", fact_id):
        document.fault(at, say("must_be_company_name_or_project", fact_id=quoted(fact_id)))
        return None
    owner, name = fact_id.split(".")
    kind = FactType(raw["type"])
    if (kind in _LISTED) != ("list" in raw):
        document.fault(at, say("a_list_belongs_to_the_types", fact_id=fact_id), sorted(_LISTED))
    elif "list" in raw and raw["list"] not in lists:
        document.fault(
            (*at, "list"), say("there_is_no_list_2", list=quoted(raw["list"])), sorted(lists)
        )
    if kind not in _NUMERIC and raw.keys() & {"minimum", "maximum", "positive"}:
        document.fault(at, say("only_numbers_have_bounds", fact_id=fact_id), sorted(_NUMERIC))
    if "at_least_one" in raw and kind is not FactType.CODES:
        document.fault(at, say("at_least_one_belongs_to_a_set_of", fact_id=fact_id))
    return Fact(
        id=fact_id, owner=Owner(owner), name=name, type=kind,
        label=raw["label"], question=raw["question"], help=raw["help"],
        unit=raw.get("unit"), list=raw.get("list"), scheme=raw.get("scheme"),
        minimum=raw.get("minimum"), maximum=raw.get("maximum"),
        positive=raw.get("positive", False), changeable=raw.get("changeable", False),
        repayable=raw.get("repayable", False), parameter=raw.get("parameter"),
        sensitivity=Sensitivity(raw.get("sensitivity", "commercial")),
        default_from=raw.get("default_from"), quiet=raw.get("quiet", False),
        kinds=tuple(raw.get("kinds", ())),
        at_least_one=raw.get("at_least_one", False),
        aliases=tuple(raw.get("aliases", ())), never_asked=raw.get("never_asked", False),
        finer=FinerQuestion(**raw["finer"]) if "finer" in raw else None,
    )  # fmt: skip


def _check_defaults(raws: Mapping[str, Any], facts: Mapping[str, Fact], document: Document) -> None:
    for fact_id, raw in raws.items():
        other = raw.get("default_from")
        if other is None or fact_id not in facts:
            continue
        if other not in facts or facts[other].list != facts[fact_id].list:
            document.fault(
                ("facts", fact_id, "default_from"),
                say("must_be_a_fact_with_the", other=quoted(other)),
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


def _code_list(name: str, raw: Mapping[str, Any], document: Document, source: Source) -> CodeList:
    at: Path = ("lists", name)
    if ("codes" in raw) == ("table" in raw):
        document.fault(at, say("list_needs_codes_or_a_table", name=quoted(name)))
    if "table" in raw:
        codes = _read_table(f"seeds/{raw['table']}", document, at, source)
    else:
        codes = {code: _build_code(code, entry) for code, entry in (raw.get("codes") or {}).items()}
        _check_links(name, codes, document, (*at, "codes"), codes)
    _check_spelling((*at, "codes"), codes, document)
    sound = _check_pattern(raw, at, document)
    named = MappingProxyType(dict(raw.get("named") or {}))
    found = CodeList(
        name, raw["label"], MappingProxyType(codes), raw.get("deeper"), raw["source"], named
    )
    for code in named if sound else ():
        if code in codes or code not in found:
            words = say("must_be_a_code_that_deeper", code=quoted(code))
            document.fault((*at, "named", code), words)
    return found


def _build_code(code: str, raw: Mapping[str, Any]) -> Code:
    return Code(
        code=code, label=raw["label"], parents=tuple(raw.get("within", ())),
        successor=raw.get("successor"), retired_on=raw.get("retired_on"),
        undefined=raw.get("undefined", False),
        help=raw.get("help"), facts=tuple(raw.get("facts", ())),
        may_also_be=tuple(raw.get("may_also_be", ())), excludes=tuple(raw.get("excludes", ())),
        catch_all=raw.get("catch_all", False), rest=raw.get("rest", False),
        none_of_others=raw.get("none_of_others", False),
        one_with=tuple(raw.get("one_with", ())),
        aliases=tuple(raw.get("aliases", ())), identifiers=tuple(raw.get("identifiers", ())),
    )  # fmt: skip


def _check_links(
    name: str, codes: Mapping[str, Code], document: Document, at: Path, own: Iterable[str]
) -> None:
    """What a code names as broader, as its successor or beside it, stands in the same list; one at
    most says that none of the others is held."""
    for code in (codes[c] for c in own):
        successors = (code.successor,) if code.successor else ()
        for other in (*code.parents, *successors, *code.may_also_be, *code.excludes):
            if other not in codes:
                words = say("there_is_no_code_in_list", other=quoted(other), name=quoted(name))
                document.fault((*at, code.code), words, sorted(codes))
    first, *others = [c.code for c in codes.values() if c.none_of_others] or [""]
    for other in others:
        document.fault(
            (*at, other),
            say("says_already_that_none_of_list", first=quoted(first), name=quoted(name)),
        )


def _check_spelling(at: Path, codes: Iterable[str], document: Document) -> None:
    """A code can stand in a table's cell: "-" says there that a fact is unknown, "|" parts
    several."""
    for code in codes:
        if code == "-" or "|" in code or code != code.strip() or not code.isprintable():
            words = say("alone_and_blanks_at_the_ends")
            document.fault((*at, code), say("cannot_be_a_code", code=quoted(code), words=words))


def _check_pattern(raw: Mapping[str, Any], at: Path, document: Document) -> bool:
    try:
        re.compile(raw.get("deeper") or "")
    except (re.error, RecursionError) as error:
        document.fault((*at, "deeper"), say("no_regular_expression", error=error))
        return False
    return True


def _read_table(path: str, document: Document, at: Path, source: Source) -> dict[str, Code]:
    """The codes of a table under seeds/; its faults are told with the table's own lines."""
    if path not in source:
        tables = sorted(p.removeprefix("seeds/") for p in source if p.startswith("seeds/"))
        document.fault((*at, "table"), say("there_is_no_file", path=quoted(path)), tables)
        return {}
    try:
        text = source[path].decode("utf-8-sig")
    except UnicodeDecodeError:
        document.faults.add(path, 1, say("not_utf_8_save_the_table"))
        return {}
    codes = _read_rows(path, text, document.faults)
    for code in codes.values():
        for other in (*code.parents, *([code.successor] if code.successor else [])):
            if other not in codes:
                document.faults.add(
                    path, 1, say("there_is_no_code_in_it", code=code.code, other=quoted(other))
                )
    return codes


def _read_rows(path: str, text: str, faults: Faults) -> dict[str, Code]:
    codes: dict[str, Code] = {}
    rows = csv.DictReader(io.StringIO(text), strict=True)
    try:
        for row in rows:
            code = _read_row(row)
            if code.code in codes:
                faults.add(path, rows.line_num, say("code_stands_twice", code=quoted(code.code)))
            codes[code.code] = code
    except KeyError as error:
        faults.add(path, 1, say("the_table_has_no_column", value=quoted(error.args[0])))
    except (csv.Error, ValueError, AttributeError, TypeError) as error:
        faults.add(path, rows.line_num, say("the_row_cannot_be_read", error=error))
    return codes


def _read_row(row: Mapping[str, str]) -> Code:
    return Code(
        code=row["code"], label=text_of({tag: row[tag] for tag in languages()}, languages()),
        parents=(row["parent"],) if row.get("parent") else (),
        successor=row.get("successor") or None,
        valid_to=int(row["valid_to"]) if row.get("valid_to") else None,
        initials=row.get("initials") or "",
        keywords=tuple(filter(None, (row.get("keywords") or "").lower().split(";"))),
        note=row.get("note") or "",
    )  # fmt: skip
