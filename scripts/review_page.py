"""Write docs/review.md: the binding words of every sentence beside the condition that carries each.

The words and the verbs come from docs/review.yaml, the conditions from the policy files.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Connective, leaves
from service.domain.rules.programmes import Programme
from service.domain.wording.sentences import sentence
from service.settings import PROJECT

REVIEW = PROJECT / "docs" / "review.yaml"
PAGE = PROJECT / "docs" / "review.md"
# A longer condition that several programmes of a measure have is said once, under a number.
LONG = 80
INTRO = """\
# How each sentence was read

Made by `scripts/review_page.py` from the policy files and `docs/review.yaml`; a test holds the
three in step. For every programme: the words of its sentence that bind, the condition that carries
each word, and its basis: *stated* by the article's own words, *implied* by issuer or context, or
*undefined*, a term that nobody has defined. A word in （ ） is not in the text and says where the
condition comes from. "Left to others" is what no condition can test. A number in [ ] is a condition
that several programmes of the measure share. Behind the programmes of a document stand the words of
its articles, or of the passages of a report that speak of support, that are no condition, and what
they are; no word is left over.

## Which promise a verb makes

One table for the whole catalogue. A pointer to other policies never makes anybody "potential".

| verbs | who decides | commitment | meaning |
|---|---|---|---|
"""


def read_review(path: Path = REVIEW) -> dict[str, Any]:
    review: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return review


def rows(programme: Programme) -> tuple[Condition, ...]:
    """The conditions that stand side by side in a programme, one row of its table each."""
    whole = programme.condition
    assert whole.gate is Connective.ALL
    return whole.children


def bases(condition: Condition) -> str:
    """Every basis that occurs in a condition."""
    return ", ".join(sorted({str(leaf.basis) for leaf in leaves(condition)}))


def page(catalogue: Catalogue, review: Mapping[str, Any]) -> str:
    """The whole page."""
    lines = [
        f"| {' · '.join(v['verbs'])} | {v['by']} | {v['commitment']} | {v['means']} |"
        for v in review["verbs"]
    ]
    return INTRO + "\n".join([*lines, "", *_programmes(catalogue, review)]) + "\n"


def _programmes(catalogue: Catalogue, review: Mapping[str, Any]) -> Iterator[str]:
    entries: Mapping[str, Mapping[str, Any]] = review["programmes"]
    for measure in dict.fromkeys(catalogue.programmes[p].measure for p in entries):
        own = {p: e for p, e in entries.items() if catalogue.programmes[p].measure == measure}
        shared = _shared(catalogue, own)
        yield from (f"## `{measure}` {catalogue.measures[measure].number}", "")
        yield from ("Said once:", "")
        yield from (f"- **[{mark}]** {words}" for words, mark in shared.items())
        yield ""
        for ident, entry in own.items():
            yield from _programme(catalogue, catalogue.programmes[ident], entry, shared)
        yield from _not_conditions(review, measure)


def _not_conditions(review: Mapping[str, Any], measure: str) -> Iterator[str]:
    """The words of a measure's articles, or of a report's passages, that are no condition, by what
    they are instead."""
    articles = review["articles"].get(measure, {})
    passages = review["reports"].get(measure, ())
    used = dict(articles) or {", ".join(p["programmes"]): p["words"] for p in passages}
    names = {name for groups in used.values() for name in groups}
    told = {n: means for n, means in review["not_conditions"].items() if n in names}
    yield from ("### Words that are no condition", "", "| words are | that is |", "|---|---|")
    yield from (f"| {name} | {means} |" for name, means in told.items())
    yield from ("", f"| {'article' if articles else 'passage for'} | words |", "|---|---|")
    for number, groups in used.items():
        words = (f"{name}: {' · '.join(listed)}" for name, listed in groups.items())
        yield f"| {number} | {'; '.join(words)} |"
    yield ""


def _shared(catalogue: Catalogue, entries: Iterable[str]) -> Mapping[str, str]:
    """The long conditions that several programmes have, each with its mark."""
    found = Counter(
        words_of(row, catalogue) for p in entries for row in rows(catalogue.programmes[p])
    )
    several = [words for words, times in found.items() if times > 1 and len(words) > LONG]
    return {words: str(number) for number, words in enumerate(several, 1)}


def _programme(
    catalogue: Catalogue,
    programme: Programme,
    entry: Mapping[str, Any],
    shared: Mapping[str, str],
) -> Iterator[str]:
    yield from (f"### `{programme.id}` {programme.name.zh} · {programme.name.en}", "")
    yield (
        f"Article {programme.article}. **{entry['verb']}**, decided by: {entry['by']}; "
        f"commitment: {programme.commitment}. Left to others: {entry['left']}."
    )
    yield from ("", "| words | condition | basis |", "|---|---|---|")
    for term, row in zip(entry["terms"], rows(programme), strict=True):
        words = words_of(row, catalogue)
        said = f"[{shared[words]}]" if words in shared else words
        yield f"| {term} | {said} | {bases(row)} |"
    yield ""


def words_of(condition: Condition, catalogue: Catalogue) -> str:
    """A condition as its sentence, fit for a table."""
    return sentence(condition, catalogue.vocabulary).en.replace("|", "/")


if __name__ == "__main__":
    project = load_catalogue(read_source(PROJECT / "policies", PROJECT / "seeds"))
    PAGE.write_text(page(project, read_review()), encoding="utf-8")
