"""Which programme is meant by what a company writes of support it has had: an id, or a name.

Written by its id or its name, in whatever case, width or characters, with the document's number or
title before it, it is that programme. A name that several share, or that is like a programme's and
not the same, leaves open which is meant, and so does a document without a name. Anything else is a
policy that the catalogue has not.
"""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import partial
from operator import add
from typing import NamedTuple, TypeAlias

from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Programme
from service.domain.text import Text
from service.intake.simplified import folded

# Two names are alike that have this share of their pairs of neighbouring signs in common. Unlike
# `names_like`, which compares each name in turn, that is found by an index of pairs: there may be
# ten thousand programmes.
_ALIKE = 0.6
MAX_LIKELY = 5
_ARTICLE = re.compile(r"^第[0-9一二三四五六七八九十百]+[条款项]")


class ProgrammeGuess(NamedTuple):
    """The programme that is surely meant, or those that may be."""

    programme: str | None
    likely: tuple[str, ...] = ()


# A programme's id, its measure's, how it is written, and how many different pairs that has. Plain
# tuples and lists, which are taken up in a fifth of the time of values of a class.
_Name: TypeAlias = tuple[str, str, str, int]


class ProgrammeNames:
    """What the programmes of a catalogue are called. It is kept with the compiled catalogue: to
    find it every programme is looked at."""

    def __init__(self, programmes: Iterable[Programme], measures: Iterable[Measure]) -> None:
        self._labels: dict[str, Text] = {}
        # What the money of those that pay any is for.
        self.purposes: dict[str, str] = {}
        self._names: list[_Name] = []
        # By its text and by each of its pairs, the places of names.
        self._called: dict[str, list[int]] = {}
        self._with_pair: dict[str, array[int]] = defaultdict(partial(array, "I"))
        for programme in programmes:
            self._labels[programme.id] = programme.name
            if programme.purpose:
                self.purposes[programme.id] = programme.purpose
            said = {_plain(programme.id), *map(_plain, programme.name.by_language().values())}
            for text in sorted(said):
                self._add(programme, text)
        titles = {
            _plain(words): measure.id
            for measure in measures
            for words in (measure.number, *measure.title.by_language().values())
        }
        self._documents = sorted(titles.items(), key=lambda t: (-len(t[0]), t))

    @classmethod
    def of(cls, catalogue: Catalogue) -> "ProgrammeNames":
        return cls(catalogue.programmes.values(), catalogue.measures.values())

    def name_of(self, written: str) -> Text:
        """A programme's name; of what is no programme's id, what was written."""
        return self._labels.get(written) or Text(written, written)

    def label_of(self, programme: str) -> Text:
        """A programme's name with its id."""
        return Text("“{name}”（{id}）", "“{name}” ({id})").format(
            name=self.name_of(programme), id=programme
        )

    def _add(self, programme: Programme, text: str) -> None:
        place, pairs = len(self._names), _pairs(text)
        for pair in pairs:
            self._with_pair[pair].append(place)
        self._called.setdefault(text, []).append(place)
        self._names.append((programme.id, programme.measure, text, len(pairs)))

    def meant_by(self, written: str) -> ProgrammeGuess:
        """What is meant by what was written of a programme."""
        if written in self._labels:
            return ProgrammeGuess(written)
        text, measure = self._without_document(_plain(written))
        if not text and measure:
            return ProgrammeGuess(None, _programmes(self._names, measure))
        named = (self._names[place] for place in self._called.get(text, ()))
        called = _programmes(named, measure)
        if len(called) == 1:
            return ProgrammeGuess(called[0])
        return ProgrammeGuess(None, called or self._alike(text, measure))

    def _without_document(self, text: str) -> tuple[str, str | None]:
        """A name without the number and title of a document before it, and which that is."""
        measure, before = None, None
        while text and text != before and text not in self._called:
            before = text
            for words, of in self._documents:
                if words and text.startswith(words):
                    text, measure = text.removeprefix(words), of
                    break
            text = _ARTICLE.sub("", text)
        return text, measure

    def _alike(self, text: str, measure: str | None) -> tuple[str, ...]:
        """The programmes whose names are like a text, the most alike first."""
        pairs = _pairs(text)
        shared: Counter[int] = Counter()
        for pair in pairs:
            shared.update(self._with_pair.get(pair, ()))
        near = []
        for place, common in shared.items():
            name = self._names[place]
            programme, _, name_text, name_pairs = name
            likeness = 2 * common / (len(pairs) + name_pairs)
            if likeness >= _ALIKE or name_text in text:
                near.append((-likeness, programme, name))
        names = (name for _, _, name in sorted(near, key=lambda n: n[:2]))
        return _programmes(names, measure)[:MAX_LIKELY]


NO_PROGRAMMES = ProgrammeNames((), ())


def _programmes(names: Iterable[_Name], measure: str | None) -> tuple[str, ...]:
    """The programmes of names, each once; those of a measure where one is meant."""
    chosen = (programme for programme, of, _, _ in names if measure in (None, of))
    return tuple(dict.fromkeys(chosen))


def _plain(text: str) -> str:
    """A name without blanks, case, width and punctuation."""
    return "".join(filter(str.isalnum, folded(text)))


def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring signs."""
    return frozenset(map(add, text, text[1:]))
