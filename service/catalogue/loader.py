"""Loads a whole catalogue, or refuses it whole with every fault found."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from service.catalogue.applications import build_overlays
from service.catalogue.categories import build_standards
from service.catalogue.fault_words import quoted, say
from service.catalogue.figure_checks import build_checks
from service.catalogue.glossary import GLOSSARY, build_glossary
from service.catalogue.measures import MeasureFile, build_measure
from service.catalogue.parameters import build_parameters
from service.catalogue.points import build_models
from service.catalogue.programmes import (
    KIND,
    build_programme,
    check_programme_shape,
    check_programmes_named,
)
from service.catalogue.search_words import SYNONYMS, build_search_words
from service.catalogue.shared_caps import with_shared_caps
from service.catalogue.source import MEASURE, Source, version_of
from service.catalogue.standard_conditions import Standards
from service.catalogue.texts import WrongText, languages, read_text, written_in
from service.catalogue.vocabulary import build_vocabulary, namespace_of
from service.catalogue.yaml_tree import Document, Faults, parse
from service.domain.deferred import DeferredMapping
from service.domain.errors import BrokenCatalogue, Diagnostic
from service.domain.facts.search_words import SearchWords
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.application import Application
from service.domain.rules.catalogue import Catalogue, Measure, Programme
from service.domain.text import Text

_TAG = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
VOCABULARY = "vocabulary.yaml"
# Adds codes, facts or lists to a vocabulary without being one: a folder that holds it is no base.
EXTENSIONS = "extensions.yaml"
APPLICATIONS = "applications"
CATEGORIES = "categories"
POINTS = "points"
PARAMETERS = "parameters"
# Programmes that are always in memory, all of them.
MAX_AT_ONCE = 500


def load_catalogue(source: Source) -> Catalogue:
    """The catalogue of a source. Raises BrokenCatalogue with every fault's file and line."""
    faults = Faults()
    documents = {
        path: parse(path, content, faults)
        for path, content in source.items()
        if path.endswith(".yaml")
    }
    faults.stop_if_any()
    words = [
        d for path, d in documents.items() if PurePosixPath(path).name in (VOCABULARY, EXTENSIONS)
    ]
    with written_in(_languages_of(words, faults)):
        return _build(documents, words, source, faults)


def _build(
    documents: Mapping[str, Document], words: list[Document], source: Source, faults: Faults
) -> Catalogue:
    vocabulary = build_vocabulary(words, source)
    faults.stop_if_any()
    parameters = build_parameters(_shared_files(documents, PARAMETERS), vocabulary)
    vocabulary = replace(vocabulary, parameters=MappingProxyType(parameters))
    _check_essentials(words, vocabulary, faults)
    faults.stop_if_any()
    numbers = count()
    points = build_models(_shared_files(documents, POINTS), vocabulary)
    categories, sizes = build_standards(
        _shared_files(documents, CATEGORIES), vocabulary, points, numbers
    )
    names = _programme_names(documents)
    standards = Standards(sizes, categories, points, names)
    homes = _measures_by_folder(documents, vocabulary, standards)
    programmes = _build_programmes(documents, homes, faults)
    check_programmes_named(programmes, documents, {*programmes, *names})
    search_words = build_search_words(_files_named(documents, SYNONYMS))
    glossary = build_glossary(_files_named(documents, GLOSSARY))
    checks = build_checks(words, vocabulary, numbers)
    measure_ids = {home.measure.id for home in homes.values()}
    overlays = build_overlays(
        _shared_files(documents, APPLICATIONS).values(), {*measure_ids, *programmes}, vocabulary
    )
    faults.stop_if_any()
    # What a cap binds can be said only of programmes whose money is understood.
    measures, programmes = with_shared_caps(homes.values(), programmes)
    faults.stop_if_any()
    return Catalogue(
        version_of(source),
        vocabulary,
        MappingProxyType({m.id: _measure_with(overlays, m) for m in measures.values()}),
        _unchangeable({p.id: _programme_with(overlays, p) for p in programmes.values()}),
        MappingProxyType(categories),
        MappingProxyType(sizes),
        MappingProxyType(points),
        search_words,
        checks,
        glossary,
    )


def _files_named(documents: Mapping[str, Document], name: str) -> list[Document]:
    return [d for path, d in documents.items() if PurePosixPath(path).name == name]


def _unchangeable(programmes: dict[str, Programme]) -> Mapping[str, Programme]:
    """Programmes that cannot be changed; of many each can be kept, and taken up, by itself."""
    many = len(programmes) > MAX_AT_ONCE
    return DeferredMapping.of(programmes) if many else MappingProxyType(programmes)


def _measure_with(overlays: Mapping[str, Application], measure: Measure) -> Measure:
    own = overlays.get(measure.id)
    return measure if own is None else replace(measure, application=own.over(measure.application))


def _programme_with(overlays: Mapping[str, Application], programme: Programme) -> Programme:
    """What an overlay says of the programme itself, else of its measure, else the files."""
    own, measure = overlays.get(programme.id), overlays.get(programme.measure)
    if own is None and measure is None:
        return programme
    whole = (measure or Application()).over(programme.application)
    return replace(programme, application=(own or Application()).over(whole))


def load_words(source: Source) -> tuple[Vocabulary, SearchWords]:
    """The facts, codes and synonyms alone, whatever else of the catalogue is still unfinished.
    Raises BrokenCatalogue."""
    names = (VOCABULARY, EXTENSIONS, SYNONYMS)
    faults = Faults()
    documents = [
        parse(path, content, faults)
        for path, content in source.items()
        if PurePosixPath(path).name in names
    ]
    faults.stop_if_any()
    synonyms = [d for d in documents if PurePosixPath(d.file).name == SYNONYMS]
    words = [d for d in documents if d not in synonyms]
    with written_in(_languages_of(words, faults)):
        vocabulary, search_words = build_vocabulary(words, source), build_search_words(synonyms)
    faults.stop_if_any()
    return vocabulary, search_words


def with_measure(source: Source, folder: Path) -> Source:
    """A source with the files of a measure's folder in the place of those of the measure with its
    id, or beside the others where there is none."""
    own = {path.name: path.read_bytes() for path in sorted(folder.glob("*.yaml"))}
    name = _id_in(own[MEASURE])
    home = next(
        (
            str(PurePosixPath(path).parent)
            for path, content in source.items()
            if PurePosixPath(path).name == MEASURE and _id_in(content) == name
        ),
        f"private/{name.partition('.')[0]}/{folder.resolve().name}"
        if "." in name
        else f"policies/{folder.resolve().name}",
    )
    others = {p: c for p, c in source.items() if str(PurePosixPath(p).parent) != home}
    return {**others, **{f"{home}/{file}": content for file, content in own.items()}}


def _id_in(content: bytes) -> str:
    """The id that a file gives itself; nothing where it gives none."""
    raw = parse(MEASURE, content, Faults()).data
    return str(raw.get("id", "")) if isinstance(raw, dict) else ""


def _languages_of(words: list[Document], faults: Faults) -> tuple[str, ...]:
    """The languages that the vocabulary says its texts are written in."""
    for document in words:
        said = document.data.get("languages") if isinstance(document.data, dict) else None
        if said is None:
            continue
        tags = said if isinstance(said, list) else []
        if not tags or not all(isinstance(t, str) and _TAG.fullmatch(t) for t in tags):
            document.fault(("languages",), say("languages_a_list_of_tags_such"))
            faults.stop_if_any()
        return tuple(dict.fromkeys(tags))
    return languages()


def languages_at(folder: Path) -> tuple[str, ...]:
    """The languages of the catalogue in a folder; of one that cannot be read those of a catalogue
    that names none. A fault is told where the catalogue is loaded."""
    faults = Faults()
    try:
        words = parse(VOCABULARY, (folder / VOCABULARY).read_bytes(), faults)
        return _languages_of([words], faults)
    except (OSError, BrokenCatalogue):
        return languages()


def diagnose(source: Source) -> tuple[Diagnostic, ...]:
    """Every fault that keeps a source from loading; none where it loads."""
    try:
        load_catalogue(source)
    except BrokenCatalogue as error:
        return error.diagnostics
    return ()


def _check_essentials(words: list[Document], vocabulary: Vocabulary, faults: Faults) -> None:
    """The one fact that every programme looks at, whatever a vocabulary is about."""
    if KIND not in vocabulary.facts:
        file = words[0].file if words else VOCABULARY
        faults.add(file, 1, say("the_vocabulary_needs_the_fact_who", kind=quoted(KIND)))


def _folder_of(path: str) -> str:
    """The folder that says what a file is: the first below ours or below an operator's own."""
    parts = PurePosixPath(path).parts
    return parts[2] if parts[0] == "private" and len(parts) > 2 else parts[1]


def _shared_files(documents: Mapping[str, Document], folder: str) -> dict[str, Document]:
    """The files of categories or points models, ours before an operator's."""
    found = {path: d for path, d in documents.items() if _folder_of(path) == folder}
    for document in found.values():
        name = document.data.get("id") if isinstance(document.data, dict) else None
        if isinstance(name, str):
            _check_namespace(name, document)
    return dict(sorted(found.items()))


def _measures_by_folder(
    documents: Mapping[str, Document], vocabulary: Vocabulary, standards: Standards
) -> dict[str, MeasureFile]:
    """The measures by the folder they stand in."""
    homes: dict[str, MeasureFile] = {}
    seen: dict[str, str] = {}
    for path, document in documents.items():
        if PurePosixPath(path).name != MEASURE:
            continue
        home = build_measure(document, vocabulary, standards)
        if home is None:
            continue
        if home.measure.id in seen:
            document.fault(
                ("id",),
                say(
                    "measure_is_already",
                    measure=quoted(home.measure.id),
                    seen=seen[home.measure.id],
                ),
            )
        _check_namespace(home.measure.id, document)
        seen[home.measure.id] = path
        homes[str(PurePosixPath(path).parent)] = home
    return homes


def _programme_files(documents: Mapping[str, Document]) -> Iterator[tuple[str, Document]]:
    """The files of programmes, by their paths: whatever is nothing else."""
    for path, document in documents.items():
        other = PurePosixPath(path).name in (MEASURE, VOCABULARY, EXTENSIONS, SYNONYMS, GLOSSARY)
        if not other and _folder_of(path) not in (APPLICATIONS, CATEGORIES, PARAMETERS, POINTS):
            yield path, document


def _programme_names(documents: Mapping[str, Document]) -> dict[str, Text]:
    """How programmes are called, by id; by the id itself where the file has no such name."""
    names = {}
    for _, document in _programme_files(documents):
        raw = document.data
        if isinstance(raw, dict) and isinstance(raw.get("id"), str):
            with suppress(WrongText):
                names[raw["id"]] = read_text(raw.get("name"))
            names.setdefault(raw["id"], Text(raw["id"], raw["id"]))
    return names


def _build_programmes(
    documents: Mapping[str, Document], homes: Mapping[str, MeasureFile], faults: Faults
) -> dict[str, Programme]:
    built: dict[str, Programme] = {}
    for path, document in _programme_files(documents):
        folder = PurePosixPath(path).parent
        home = homes.get(str(folder))
        if home is None:
            if str(folder / MEASURE) not in documents:
                message = say("no_in_this_folder_a_programme", measure=MEASURE)
                faults.add(path, 1, message)
            else:
                check_programme_shape(document)
            continue
        programme = build_programme(document, home)
        if programme is None:
            continue
        if programme.id in built:
            other = built[programme.id].path
            document.fault(
                ("id",), say("programme_is_already_in", programme=quoted(programme.id), other=other)
            )
        _check_namespace(programme.id, document)
        built[programme.id] = programme
    return built


def _check_namespace(name: str, document: Document) -> None:
    """An operator's own ids begin with its folder's name, so that they never meet ours."""
    namespace = namespace_of(document.file)
    if namespace and not name.startswith(f"{namespace}."):
        document.fault(
            ("id",),
            say("must_begin_with_and_a_dot", name=quoted(name), namespace=quoted(namespace)),
        )
