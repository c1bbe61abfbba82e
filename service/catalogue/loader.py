"""Loads a whole catalogue, or refuses it whole with every fault found."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from service.catalogue.categories import build_standards
from service.catalogue.fault_words import quoted, say
from service.catalogue.figure_checks import build_checks
from service.catalogue.file_kinds import (
    CATEGORIES,
    EXTENSIONS,
    GLOSSARY,
    MEASURE,
    PARAMETERS,
    POINTS,
    SYNONYMS,
    VOCABULARY,
    is_programme,
    name_of,
)
from service.catalogue.glossary import build_glossary
from service.catalogue.parameters import build_parameters
from service.catalogue.points import build_models
from service.catalogue.programme_files import (
    NO_PROGRAMMES,
    Divide,
    files_in,
    read_apart,
    with_programmes,
)
from service.catalogue.search_words import build_search_words
from service.catalogue.source import Source, digests_of
from service.catalogue.texts import languages, written_in
from service.catalogue.unchanged import NOTHING_KEPT, EarlierCatalogue, Unchanged
from service.catalogue.vocabulary import build_vocabulary
from service.catalogue.yaml_tree import Document, Faults, parse, unreadable_by
from service.domain.collecting import nothing_collected
from service.domain.errors import BrokenCatalogue, Diagnostic, HuiceError
from service.domain.facts.profile import COMPANY_KIND
from service.domain.facts.search_words import SearchWords
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue

_TAG = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ID_LINE = re.compile(rb"^id:[ \t]*([^\s#]+)", re.MULTILINE)


def load_catalogue(
    source: Source, earlier: EarlierCatalogue | None = None, divide: Divide | None = None
) -> Catalogue:
    """The catalogue of a source; what has not changed since an `earlier` one was read is taken
    over, and where all is read it may be divided among processes. Raises BrokenCatalogue with
    every fault's file and line."""
    with nothing_collected():
        return _load(source, earlier, divide)


def _load(source: Source, earlier: EarlierCatalogue | None, divide: Divide | None) -> Catalogue:
    if earlier is not None:
        # If the short way fails, all is read: only then are the faults complete.
        with suppress(BrokenCatalogue):
            changed = _load_changed(source, earlier)
            if changed is not None:
                return changed
    if divide is not None:
        with suppress(BrokenCatalogue):
            return _load_divided(source, divide)
    faults = Faults()
    documents = {
        path: parse(path, content, faults)
        for path, content in source.items()
        if path.endswith(".yaml")
    }
    unreadable = faults.diagnostics
    if unreadable:
        faults.diagnostics = []
        beside = _faults_beside({d.file for d in unreadable}, documents, source, faults)
        raise BrokenCatalogue(tuple(sorted({*unreadable, *beside}, key=lambda d: d.place)))
    return _build_documents(documents, source, faults, NOTHING_KEPT)


def _load_divided(source: Source, divide: Divide) -> Catalogue:
    """The catalogue of a source whose programmes other processes read. Raises BrokenCatalogue where
    a file is broken, not with all faults."""
    faults = Faults()
    documents = {
        path: parse(path, content, faults)
        for path, content in source.items()
        if path.endswith(".yaml") and not is_programme(path)
    }
    faults.stop_if_any()
    return _build_documents(documents, source, faults, NOTHING_KEPT, divide)


def _faults_beside(
    unreadable: set[str], documents: Mapping[str, Document], source: Source, faults: Faults
) -> Iterator[Diagnostic]:
    """What is wrong with the other files, where some cannot be read; nothing where all may rest on
    one of those."""
    if not all(is_programme(path) or path.endswith(f"/{MEASURE}") for path in unreadable):
        return
    lost = {path.rpartition("/")[0] for path in unreadable if path.endswith(f"/{MEASURE}")}
    ids = set[str]()
    for path, document in documents.items():
        if path in unreadable:
            document.data = None
        if path in unreadable or path.rpartition("/")[0] in lost:
            ids |= {found.decode(errors="replace") for found in _ID_LINE.findall(source[path])}
    try:
        _build_documents(documents, source, faults, Unchanged(unread=frozenset(ids)))
    except BrokenCatalogue as error:
        yield from (d for d in error.diagnostics if d.file not in unreadable)


def _build_documents(
    documents: Mapping[str, Document],
    source: Source,
    faults: Faults,
    kept: Unchanged,
    divide: Divide | None = None,
) -> Catalogue:
    words = [d for path, d in documents.items() if name_of(path) in (VOCABULARY, EXTENSIONS)]
    with written_in(_languages_of(words, faults)):
        try:
            return _build(documents, words, source, faults, kept, divide)
        except HuiceError:
            raise
        except Exception as error:  # where no single file is known to be at fault
            faults.add("policies", 1, unreadable_by(error))
            diagnostics = tuple(sorted(set(faults.diagnostics), key=lambda d: d.place))
            raise BrokenCatalogue(diagnostics) from error


def _build(
    documents: Mapping[str, Document],
    words: list[Document],
    source: Source,
    faults: Faults,
    kept: Unchanged,
    divide: Divide | None,
) -> Catalogue:
    shared = _build_shared(documents, words, source, faults)
    read = NO_PROGRAMMES
    if divide is not None:
        read = read_apart(divide, shared, documents, source)
        there = {programme.path for programme in read.values()}
        left = (path for path in source if is_programme(path) and path not in there)
        own = {path: parse(path, source[path], faults) for path in left}
        documents = {**documents, **own}
    built = with_programmes(shared, documents, source, faults, kept, read)
    assert built is not None
    return built


def _load_changed(source: Source, earlier: EarlierCatalogue) -> Catalogue | None:
    """The catalogue of a source of which only what changed is read; None where that is all, or does
    not fit what is taken over."""
    known = earlier.catalogue
    kept = earlier.unchanged(digests_of(source))
    if not kept.programmes:
        return None
    faults = Faults()
    documents = {path: parse(path, source[path], faults) for path in kept.to_read(source)}
    faults.stop_if_any()
    with written_in(known.vocabulary.languages):
        return with_programmes(known, documents, source, faults, kept)


def _build_shared(
    documents: Mapping[str, Document], words: list[Document], source: Source, faults: Faults
) -> Catalogue:
    """What all measures and programmes rest on."""
    vocabulary = build_vocabulary(words, source)
    faults.stop_if_any()
    parameters = build_parameters(files_in(documents, PARAMETERS), vocabulary)
    vocabulary = replace(vocabulary, parameters=MappingProxyType(parameters))
    _check_essentials(words, vocabulary, faults)
    faults.stop_if_any()
    numbers = count()
    points = build_models(files_in(documents, POINTS), vocabulary)
    categories, sizes = build_standards(
        files_in(documents, CATEGORIES), vocabulary, points, numbers
    )
    return Catalogue(
        "",
        vocabulary,
        {},
        {},
        MappingProxyType(categories),
        MappingProxyType(sizes),
        MappingProxyType(points),
        build_search_words(_files_named(documents, SYNONYMS)),
        build_checks(words, vocabulary, numbers),
        build_glossary(_files_named(documents, GLOSSARY)),
    )


def _files_named(documents: Mapping[str, Document], name: str) -> list[Document]:
    return [d for path, d in documents.items() if name_of(path) == name]


def load_words(source: Source) -> tuple[Vocabulary, SearchWords]:
    """The facts, codes and synonyms alone, whatever else of the catalogue is still unfinished.
    Raises BrokenCatalogue."""
    names = (VOCABULARY, EXTENSIONS, SYNONYMS)
    faults = Faults()
    documents = [
        parse(path, content, faults) for path, content in source.items() if name_of(path) in names
    ]
    faults.stop_if_any()
    synonyms = [d for d in documents if name_of(d.file) == SYNONYMS]
    words = [d for d in documents if d not in synonyms]
    with written_in(_languages_of(words, faults)):
        vocabulary, search_words = build_vocabulary(words, source), build_search_words(synonyms)
    faults.stop_if_any()
    return vocabulary, search_words


def with_measure(source: Source, folder: Path) -> Source:
    """A source with the files of a measure's folder in the place of those of the measure with its
    id, or beside the others where there is none."""
    own = {path.name: path.read_bytes() for path in sorted(folder.glob("*.yaml"))}
    home = home_of_measure(source, folder)
    others = {p: c for p, c in source.items() if str(PurePosixPath(p).parent) != home}
    return {**others, **{f"{home}/{file}": content for file, content in own.items()}}


def home_of_measure(source: Source, folder: Path) -> str:
    """Where in a source the measure of a folder stands, or would stand if it is not there."""
    name = _id_in((folder / MEASURE).read_bytes())
    return next(
        (
            str(PurePosixPath(path).parent)
            for path, content in source.items()
            if name_of(path) == MEASURE and _id_in(content) == name
        ),
        f"private/{name.partition('.')[0]}/{folder.resolve().name}"
        if "." in name
        else f"policies/{folder.resolve().name}",
    )


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


def _check_essentials(words: list[Document], vocabulary: Vocabulary, faults: Faults) -> None:
    """The one fact that every programme looks at, whatever a vocabulary is about."""
    if COMPANY_KIND not in vocabulary.facts:
        file = words[0].file if words else VOCABULARY
        faults.add(
            file, 1, say("vocabulary_needs_the_kind_of_applicant", kind=quoted(COMPANY_KIND))
        )
