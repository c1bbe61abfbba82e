"""What was submitted, in words: every fact with its value and where it comes from."""

from collections.abc import Iterable, Mapping

from service.domain.facts.implied_facts import sources_of
from service.domain.facts.profile import Profile, Provenance, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import LIST_COMMA, SEMICOLON, Text, join
from service.domain.wording.labels import PROVENANCE
from service.domain.wording.values import stated_text
from service.rendering.json_parts import Json, text_json

_COMPANY = Text("企业", "Company")
_PROJECT = Text("项目：{name}", "Project: {name}")
_NAMED = Text("{name}：{words}", "{name}: {words}")
_DERIVED_FROM = Text("{derived}（据{facts}）", "from {facts}")
_TAKEN_SO = Text("{derived}（所填的没有说相反的）", "not denied")


def observed_words(
    facts: Iterable[str],
    stated: Mapping[str, Value],
    vocabulary: Vocabulary,
    unstated: Text | None = None,
) -> Text:
    """What is stated of the facts that a condition looks at, each by its name where they are
    several. `unstated` is said of a fact that is not stated; None: it is left out."""
    looked_at = [vocabulary.facts[fact] for fact in facts]
    words = []
    for fact in looked_at:
        value = stated.get(fact.id)
        text = unstated if value is None else stated_text(value, fact, vocabulary)
        if text is not None:
            alone = len(looked_at) == 1
            words.append(text if alone else _NAMED.format(name=fact.label, words=text))
    return join(words, SEMICOLON)


def stated_json(
    profile: Profile, vocabulary: Vocabulary, names: Mapping[str, Text | None]
) -> list[Json]:
    """The company's facts, then each project's: label, value and provenance in words. A project
    that needs no name among `names` goes by its kind; what follows for whatever project there is,
    and its kind has not, is left out: nobody's staff is a product."""
    rows = _rows(profile.company, profile, vocabulary, profile.company)
    groups = [{"about": text_json(_COMPANY), "rows": rows}]
    for project in profile.projects:
        kinds = vocabulary.lists["project_kinds"]
        name = names.get(project.ref) or kinds.label_of(project.kind)
        whole = {**profile.company, **project.facts}
        own = {
            f: value
            for f, value in project.facts.items()
            if vocabulary.project_has(vocabulary.facts[f], project.kind)
        }
        rows = _rows(own, profile, vocabulary, whole, f"projects.{project.ref}.")
        groups.append({"about": text_json(_PROJECT.format(name=name)), "rows": rows})
    return groups


def _rows(
    facts: Mapping[str, Value],
    profile: Profile,
    vocabulary: Vocabulary,
    whole: Mapping[str, Value],
    prefix: str = "",
) -> list[Json]:
    """In the vocabulary's order, which is the order of asking; without what was derived though
    nobody could have stated it. `whole` are all facts that those derived may come from."""
    rows = []
    for fact in vocabulary.stated:
        if fact.id in facts:
            key = f"{prefix}{fact.name}" if prefix else fact.id
            source = profile.provenance.get(key, Provenance.DECLARED)
            if fact.never_asked and source is Provenance.DERIVED:
                continue
            rows.append(
                {
                    "fact": fact.id,
                    "label": text_json(fact.label),
                    "value": text_json(stated_text(facts[fact.id], fact, vocabulary)),
                    "provenance": text_json(_source_words(fact.id, source, whole, vocabulary)),
                }
            )
    return rows


def _source_words(
    fact: str, source: Provenance, facts: Mapping[str, Value], vocabulary: Vocabulary
) -> Text:
    """Where a value comes from; of a derived one, from what."""
    words = PROVENANCE[source]
    sources = _asked_sources(fact, facts, vocabulary) if source is Provenance.DERIVED else None
    if sources is None:
        return words
    if not sources:
        return _TAKEN_SO.format(derived=words)
    labels = join((vocabulary.facts[f].label for f in sources), LIST_COMMA)
    return _DERIVED_FROM.format(derived=words, facts=labels)


def _asked_sources(
    fact: str, facts: Mapping[str, Value], vocabulary: Vocabulary
) -> tuple[str, ...] | None:
    """The facts that a derived one was read off; for one of them that nobody is asked, those that
    it was read off itself."""
    sources = sources_of(fact, facts, vocabulary)
    if sources is None:
        return None
    found: dict[str, None] = {}
    for source in sources:
        asked = not vocabulary.facts[source].never_asked
        further = None if asked else _asked_sources(source, facts, vocabulary)
        found |= dict.fromkeys((source,) if further is None else further)
    return tuple(found)
