"""The official wording beside our gist: the operator imports it into its database."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from service.catalogue.official_text import Number, decode
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Evidence, Measure
from service.storage.official_texts import OfficialTexts, StoredText
from service.storage.store import Store
from service.usecases.authoring.coverage import parts_of


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did with one measure.

    `stored` is False where the same wording was there. `differing` are the articles whose wording
    is not the one the catalogue was written from, or that only one of the two has.
    """

    measure: Measure
    articles: int
    stored: bool
    differing: tuple[Number, ...]


def import_source(
    catalogue: Catalogue, store: Store, content: bytes, now: datetime
) -> tuple[ImportReport, ...]:
    """Store the wording of every official measure that a file holds; it replaces what was imported
    before. What the press wrote is no official wording.

    Raises Refused, with nothing stored, where the file is no text or holds no known measure.
    """
    parts = parts_of(catalogue, decode(content))
    source = hashlib.sha256(content).hexdigest()
    texts = OfficialTexts(store)
    done = []
    for measure_id, found in parts.items():
        measure = catalogue.measures[measure_id]
        if measure.evidence is not Evidence.OFFICIAL:
            continue
        rows = [StoredText(str(p.number), p.wording, p.digest, now, source) for p in found]
        known = {a.number: a.digest for a in measure.articles}
        there = {p.number: p.digest for p in found}
        differing = tuple(n for n in {**known, **there} if known.get(n) != there.get(n))
        stored = texts.replace(measure_id, rows)
        done.append(ImportReport(measure, len(rows), stored, differing))
    return tuple(done)
