"""What a rule names that stands in a file of its own: public figures, points models, categories."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from types import MappingProxyType

from service.catalogue.categories import build_standards
from service.catalogue.file_kinds import CATEGORIES, PARAMETERS, POINTS, folder_of
from service.catalogue.parameters import build_parameters
from service.catalogue.points import build_models
from service.catalogue.programme_files import files_in
from service.catalogue.source import Source
from service.catalogue.texts import written_in
from service.catalogue.yaml_tree import Faults, parse
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text
from service.domain.wording.labels import SIZE

Named = Mapping[str, Mapping[str, Text]]


def named_standards(source: Source, vocabulary: Vocabulary) -> Named:
    """What each is called, by its id, by the key that a rule names it with. Of files that cannot be
    read, nothing: `lint` tells what is wrong with them."""
    faults = Faults()
    folders = (PARAMETERS, POINTS, CATEGORIES)
    documents = {
        path: parse(path, content, faults)
        for path, content in source.items()
        if folder_of(path) in folders
    }
    with written_in(vocabulary.languages):
        figures = build_parameters(files_in(documents, PARAMETERS), vocabulary)
        known = replace(vocabulary, parameters=MappingProxyType(figures))
        models = build_models(files_in(documents, POINTS), known)
        categories, sizes = build_standards(files_in(documents, CATEGORIES), known, models, count())
    return {
        "parameter": {figure.id: figure.label for figure in figures.values()},
        "points": {model.id: model.name for model in models.values()},
        "meets": {category.id: category.name for category in categories.values()},
        "size": {size.value: SIZE[size] for size in SIZE} if sizes else {},
    }
