"""Press reports found again in a text: the parts whose digests a measure states.

A report has neither articles nor a document number. Its parts are runs of whole lines, known by
their digest alone. What stands between two parts that were found and belongs to no other part is
the one part that was to stand there, in other words than before.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.catalogue.normal_wording import normalise_wording
from service.catalogue.official_text import Number, TextPart
from service.domain.rules.measures import Evidence, Measure

# A part of a report has at most so many lines.
MAX_LINES = 60


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines of the text, the last one included."""

    first: int
    last: int


def find_reports(text: str, measures: Iterable[Measure]) -> Mapping[str, tuple[TextPart, ...]]:
    """The parts of each press report of which at least one stands in a text, by measure."""
    lines = [line for line in text.splitlines() if normalise_wording(line)]
    reports = [m for m in measures if m.evidence is Evidence.NEWS]
    wanted = {a.digest for m in reports for a in m.articles}
    runs = dict(_find_runs(lines, wanted)) if wanted else {}
    taken = {i for run in runs.values() for i in range(run.first, run.last + 1)}
    found = {m.id: _split_parts(m, lines, runs, taken) for m in reports}
    return {name: parts for name, parts in found.items() if parts}


def _find_runs(lines: list[str], wanted: set[str]) -> Iterator[tuple[str, _Run]]:
    """Where the digests that are looked for stand, each once."""
    plain = [normalise_wording(line).encode() for line in lines]
    for first in range(len(plain)):
        text = hashlib.sha256()
        for last in range(first, min(len(plain), first + MAX_LINES)):
            text.update(plain[last])
            name = f"sha256:{text.hexdigest()}"
            if name in wanted:
                yield name, _Run(first, last)


def _split_parts(
    measure: Measure, lines: list[str], runs: Mapping[str, _Run], taken: set[int]
) -> tuple[TextPart, ...]:
    parts: list[TextPart] = []
    lost: list[Number] = []
    end: int | None = None
    for article in measure.articles:
        run = runs.get(article.digest)
        if run is None:
            lost.append(article.number)
            continue
        if len(lost) == 1 and end is not None:
            between = [lines[i] for i in range(end + 1, run.first) if i not in taken]
            parts += [TextPart(lost[0], "\n".join(between))] if between else []
        parts.append(TextPart(article.number, "\n".join(lines[run.first : run.last + 1])))
        lost, end = [], run.last
    return tuple(parts)
