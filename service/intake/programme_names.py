"""Which programme is meant by what a company writes of support it has had: an id, or a name.

Written by its id or its name, in whatever case, width or characters, with the document's number or
title before it, it is that programme. A name that several share, or that is like a programme's and
not the same, leaves open which is meant, and so does a document without a name. Anything else is a
policy that the catalogue has not.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Programme
from service.domain.text import Text
from service.intake.simplified import folded

# Two names are alike that have this share of their pairs of neighbouring signs in common.
_ALIKE = 0.6
MAX_LIKELY = 5
_ARTICLE = re.compile(r"^第[0-9一二三四五六七八九十百]+[条款项]")


class Meant(NamedTuple):
    """The programme that is surely meant, or those that may be."""

    programme: str | None
    likely: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Name:
    programme: str
    measure: str
    text: str
    pairs: frozenset[str]


class ProgrammeNames:
    """What the programmes of a catalogue are called."""

    def __init__(self, programmes: Iterable[Programme], measures: Iterable[Measure]) -> None:
        self._labels: dict[str, Text] = {}
        self._names: list[_Name] = []
        self._called: dict[str, list[_Name]] = defaultdict(list)
        self._with_pair: dict[str, list[int]] = defaultdict(list)
        for programme in programmes:
            self._labels[programme.id] = programme.name
            said = {_plain(programme.id), *map(_plain, programme.name.by_language().values())}
            for text in sorted(said):
                self._add(_Name(programme.id, programme.measure, text, _pairs(text)))
        titles = {
            _plain(words): measure.id
            for measure in measures
            for words in (measure.number, *measure.title.by_language().values())
        }
        self._documents = sorted(titles.items(), key=lambda t: (-len(t[0]), t))

    @classmethod
    def of(cls, catalogue: Catalogue) -> "ProgrammeNames":
        return cls(catalogue.programmes.values(), catalogue.measures.values())

    def label_of(self, programme: str) -> Text:
        """A programme's name with its id."""
        return Text("“{name}”（{id}）", "“{name}” ({id})").format(
            name=self._labels[programme], id=programme
        )

    def _add(self, name: _Name) -> None:
        for pair in name.pairs:
            self._with_pair[pair].append(len(self._names))
        self._names.append(name)
        self._called[name.text].append(name)

    def meant_by(self, written: str) -> Meant:
        """What is meant by what was written of a programme."""
        if written in self._labels:
            return Meant(written)
        text, measure = self._without_document(_plain(written))
        if not text and measure:
            return Meant(None, _programmes(n for n in self._names if n.measure == measure))
        called = _programmes(n for n in self._called[text] if measure in (None, n.measure))
        if len(called) == 1:
            return Meant(called[0])
        return Meant(None, called or self._alike(text, measure))

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
            likeness = 2 * common / (len(pairs) + len(name.pairs))
            if measure in (None, name.measure) and (likeness >= _ALIKE or name.text in text):
                near.append((-likeness, name.programme, name))
        return _programmes(name for _, _, name in sorted(near, key=lambda n: n[:2]))[:MAX_LIKELY]


NO_PROGRAMMES = ProgrammeNames((), ())


def _programmes(names: Iterable[_Name]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.programme for name in names))


def _plain(text: str) -> str:
    """A name without blanks, case, width and punctuation."""
    return "".join(sign for sign in folded(text) if sign.isalnum())


def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring signs."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
