"""Code lists: the codes that a vocabulary file names, and those that other files add to them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from service.catalogue.cases import UNKNOWN
from service.catalogue.code_tables import read_table
from service.catalogue.fault_words import quoted, say
from service.catalogue.source import Source
from service.catalogue.yaml_tree import Document, Path
from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.vocabulary import Vocabulary


def build_lists(
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
    _check_places(files, lists)
    return {name: _with_ties(codes) for name, codes in lists.items()}


def _check_places(
    files: Iterable[tuple[Document, Mapping[str, Any]]], lists: Mapping[str, CodeList]
) -> None:
    """The place of a code is one of the regions."""
    stated = (data["region_list"] for _, data in files if "region_list" in data)
    name = next(stated, Vocabulary.region_list)
    regions = lists.get(name)
    for document, data in files:
        for at, raw in _entries(data):
            for place in raw.get("place", ()):
                if regions is None or place not in regions:
                    words = say("there_is_no_code_in_list", other=quoted(place), name=quoted(name))
                    document.fault((*at, "place"), words)


def _entries(data: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every code that a file writes, in a list of its own or in addition to another's."""
    for name, raw in (data.get("lists") or {}).items():
        for code, entry in (raw.get("codes") or {}).items():
            yield ("lists", name, "codes", code), entry
    for name, entries in (data.get("extends") or {}).items():
        for code, entry in entries.items():
            yield ("extends", name, code), entry


def _with_ties(codes: CodeList) -> CodeList:
    """A list whose code for what is not stated may also be every other of it, whose code for none
    of the others excludes what is not concluded by itself, and whose code for nothing else excludes
    what any of them may be besides."""
    if codes.rest is None and codes.none_code is None and not codes.completing:
        return codes
    others = tuple(c for c, e in codes.codes.items() if not (e.rest or e.successor))
    undefined = tuple(c for c, e in codes.codes.items() if e.undefined)
    entries = dict(codes.codes)
    if codes.rest is not None:
        entries[codes.rest] = replace(entries[codes.rest], may_also_be=others)
    besides = dict.fromkeys(also for e in codes.codes.values() for also in e.may_also_be)
    for code in codes.completing:
        entries[code] = replace(entries[code], excludes=tuple(besides))
    if codes.none_code is not None:
        entries[codes.none_code] = replace(entries[codes.none_code], excludes=undefined)
    return replace(codes, codes=MappingProxyType(entries))


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
                say(
                    "code_must_begin_with_namespace", code=quoted(code), namespace=quoted(namespace)
                ),
            )
        codes[code] = _build_code(code, raw)
    _check_links(name, codes, document, ("extends", name), entries)
    _check_spelling(("extends", name), entries, document)
    lists[name] = replace(lists[name], codes=MappingProxyType(codes))


def namespace_of(file: str) -> str | None:
    """The name that an operator's own ids and codes begin with; None for a file of ours."""
    parts = file.split("/")
    return parts[1] if parts[0] == "private" and len(parts) > 2 else None


def _code_list(name: str, raw: Mapping[str, Any], document: Document, source: Source) -> CodeList:
    at: Path = ("lists", name)
    if ("codes" in raw) == ("table" in raw):
        document.fault(at, say("list_needs_codes_or_a_table", name=quoted(name)))
    if "table" in raw:
        codes = read_table(f"seeds/{raw['table']}", document, at, source)
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
        none_of_others=raw.get("none_of_others", False), completes=raw.get("completes", False),
        one_with=tuple(raw.get("one_with", ())),
        aliases=tuple(raw.get("aliases", ())), identifiers=tuple(raw.get("identifiers", ())),
        longest_years=raw.get("longest_years"), repayable=raw.get("repayable"),
        place=tuple(raw.get("place", ())),
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
    several; and be stated in an example, where `unknown` takes a fact away."""
    for code in codes:
        if code in ("-", UNKNOWN) or "|" in code or code != code.strip() or not code.isprintable():
            words = say("alone_and_blanks_at_the_ends")
            document.fault((*at, code), say("cannot_be_a_code", code=quoted(code), words=words))


def _check_pattern(raw: Mapping[str, Any], at: Path, document: Document) -> bool:
    try:
        re.compile(raw.get("deeper") or "")
    except (re.error, RecursionError) as error:
        document.fault((*at, "deeper"), say("no_regular_expression", error=error))
        return False
    return True
