"""The measures and programmes of a catalogue from their files, over what they all share."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import TypeAlias

from service.catalogue.applications import build_overlays
from service.catalogue.code_lists import namespace_of
from service.catalogue.fault_words import quoted, say
from service.catalogue.file_kinds import APPLICATIONS, MEASURE, folder_of, is_programme, name_of
from service.catalogue.measures import MeasureFile, build_measure
from service.catalogue.programme_references import (
    check_numbers_named,
    check_programmes_named,
    programmes_named,
)
from service.catalogue.programmes import build_programme, check_programme_shape
from service.catalogue.shared_caps import with_shared_caps
from service.catalogue.source import Source, version_of
from service.catalogue.standard_conditions import Standards
from service.catalogue.texts import WrongText, read_text
from service.catalogue.unchanged import Unchanged
from service.catalogue.yaml_tree import Document, Faults, parse
from service.domain.deferred import Deferred, DeferredMapping
from service.domain.errors import BrokenCatalogue
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.application import Application
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Programme
from service.domain.text import Text

NO_PROGRAMMES: Mapping[str, Programme] = MappingProxyType({})
# What has paths of programmes divided among processes, each of which reads its part and gives None
# where a file of it is broken; and what all of them rest on, which none must make again.
Divide: TypeAlias = Callable[
    [Callable[[Sequence[str]], list[Programme] | None], Sequence[str], Catalogue],
    list[Deferred[Programme]] | None,
]
# Up to so many programmes are loaded at once; of more, each when it is asked for.
MAX_AT_ONCE = 500


def with_programmes(
    shared: Catalogue,
    documents: Mapping[str, Document],
    source: Source,
    faults: Faults,
    kept: Unchanged,
    read: Mapping[str, Programme] = NO_PROGRAMMES,
) -> Catalogue | None:
    """A catalogue with the measures and programmes of its documents, and beside them those that
    were `read` already and those that are kept; None where a new one has the id of one kept."""
    names = {**kept.names, **_names_of(read), **_programme_names(documents)}
    standards = Standards(shared.sizes, shared.categories, shared.points, names)
    homes = _measures_by_folder(documents, shared.vocabulary, standards)
    files = _programme_files(documents)
    programmes = _build_programmes(files, documents, homes, faults, read)
    known = {*programmes, *names}
    new = (programme for programme in programmes.values() if programme.path in documents)
    check_programmes_named(new, documents, known)
    check_numbers_named(homes.values(), known)
    measure_ids = {home.measure.id for home in homes.values()}
    overlays = build_overlays(
        files_in(documents, APPLICATIONS).values(),
        {*measure_ids, *programmes, *kept.ids},
        shared.vocabulary,
    )
    faults.stop_if_any()
    # What a cap binds can be said only of programmes whose money is understood.
    measures, programmes = with_shared_caps(homes.values(), programmes)
    faults.stop_if_any()
    new_measures = {
        home.document.file: _measure_with(overlays, measures[home.measure.id])
        for home in homes.values()
    }
    new_programmes = {p.path: _programme_with(overlays, p) for p in programmes.values()}
    return _whole(
        replace(shared, version=version_of(source), programmes=read or shared.programmes),
        source, kept, new_measures, new_programmes,
    )  # fmt: skip


def read_apart(
    divide: Divide, shared: Catalogue, documents: Mapping[str, Document], source: Source
) -> Mapping[str, Programme]:
    """The programmes of a source, by id, as other processes read them, without those that speak of
    others, which need to know what these are called. Raises BrokenCatalogue, without any fault,
    where one of their files is broken."""
    measures = {path: d for path, d in documents.items() if path.endswith(f"/{MEASURE}")}

    def read(paths: Sequence[str]) -> list[Programme] | None:
        faults = Faults()
        homes = {f"{path.rpartition('/')[0]}/{MEASURE}" for path in paths}
        there = {path: document for path, document in measures.items() if path in homes}
        standards = Standards(shared.sizes, shared.categories, shared.points)
        folders = _measures_by_folder(there, shared.vocabulary, standards)
        # One after the other: the trees of ten thousand files at once are half a gigabyte.
        own = ((path, parse(path, source[path], faults)) for path in paths)
        found = _build_programmes(own, there, folders, faults)
        broken = faults.diagnostics or any(d.faults.diagnostics for d in measures.values())
        return None if broken else [p for p in found.values() if not _speaks_of_others(p)]

    programmes = divide(read, [path for path in source if is_programme(path)], shared)
    by_id = {programme.value.id: programme for programme in programmes or ()}
    if programmes is None or len(by_id) < len(programmes):
        raise BrokenCatalogue(())
    return DeferredMapping(by_id)


def _speaks_of_others(programme: Programme) -> bool:
    """Whether it does, or excludes itself: a fault that is told where documents are at hand."""
    return any(n != programme.id or at[0] == "excludes" for at, n in programmes_named(programme))


def _whole(
    shared: Catalogue,
    paths: Iterable[str],
    kept: Unchanged,
    new_measures: Mapping[str, Measure],
    new_programmes: Mapping[str, Programme],
) -> Catalogue | None:
    """The catalogue in the order of its files; None where two have one id."""
    measures: dict[str, Measure] = {}
    programmes: dict[str, Programme] = {}
    for path in paths:
        measure = kept.measures.get(path) or new_measures.get(path)
        programme = kept.programmes.get(path) or new_programmes.get(path)
        if measure is not None and measures.setdefault(measure.id, measure) is not measure:
            return None
        if (
            programme is not None
            and programmes.setdefault(programme.id, programme) is not programme
        ):
            return None
    many = len(programmes) > MAX_AT_ONCE
    return replace(
        shared,
        measures=MappingProxyType(measures),
        programmes=DeferredMapping.of(programmes, shared.programmes)
        if many
        else MappingProxyType(programmes),
    )


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


def files_in(documents: Mapping[str, Document], folder: str) -> dict[str, Document]:
    """The files of categories or points models, ours before an operator's."""
    found = {path: d for path, d in documents.items() if folder_of(path) == folder}
    for document in found.values():
        name = document.data.get("id") if isinstance(document.data, dict) else None
        if isinstance(name, str):
            check_namespace(name, document)
    return dict(sorted(found.items()))


def _measures_by_folder(
    documents: Mapping[str, Document], vocabulary: Vocabulary, standards: Standards
) -> dict[str, MeasureFile]:
    """The measures by the folder they stand in."""
    homes: dict[str, MeasureFile] = {}
    seen: dict[str, str] = {}
    for path, document in documents.items():
        if name_of(path) != MEASURE:
            continue
        home = None
        with document.noting_errors():
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
        check_namespace(home.measure.id, document)
        seen[home.measure.id] = path
        homes[path.rpartition("/")[0]] = home
    return homes


def _programme_files(documents: Mapping[str, Document]) -> Iterator[tuple[str, Document]]:
    """The files of programmes, by their paths."""
    return (item for item in documents.items() if is_programme(item[0]))


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


def _names_of(programmes: Mapping[str, Programme]) -> dict[str, Text]:
    return {programme.id: programme.name for programme in programmes.values()}


def _build_programmes(
    files: Iterable[tuple[str, Document]],
    documents: Container[str],
    homes: Mapping[str, MeasureFile],
    faults: Faults,
    read: Mapping[str, Programme] = NO_PROGRAMMES,
) -> dict[str, Programme]:
    """The programmes of files, by id, behind those that were `read` already; `documents` are which
    others there are."""
    built = dict(read)
    for path, document in files:
        folder = path.rpartition("/")[0]
        home = homes.get(folder)
        if home is None:
            if f"{folder}/{MEASURE}" not in documents:
                message = say("no_in_this_folder_a_programme", measure=MEASURE)
                faults.add(path, 1, message)
            else:
                check_programme_shape(document)
            continue
        programme = None
        with document.noting_errors():
            programme = build_programme(document, home)
        if programme is None:
            continue
        if programme.id in built:
            other = built[programme.id].path
            document.fault(
                ("id",), say("programme_defined_twice", programme=quoted(programme.id), other=other)
            )
        check_namespace(programme.id, document)
        built[programme.id] = programme
    return built


def check_namespace(name: str, document: Document) -> None:
    """An operator's own ids begin with its folder's name, so that they never meet ours."""
    namespace = namespace_of(document.file)
    if namespace and not name.startswith(f"{namespace}."):
        document.fault(
            ("id",),
            say("id_must_begin_with_namespace", name=quoted(name), namespace=quoted(namespace)),
        )
