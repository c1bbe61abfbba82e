"""What was submitted, in words: every fact with its value and where it comes from."""

from collections.abc import Iterator, Mapping

from service.domain.facts.profile import Award, Certificate, Profile, Provenance, Value
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.text import Text, join
from service.domain.wording.labels import PROVENANCE
from service.domain.wording.sentences import value_text
from service.rendering.json_parts import Json, text_json

_NONE = Text("无", "none")
_COMPANY = Text("企业", "Company")
_PROJECT = Text("项目 {ref}：{kind}", "Project {ref}: {kind}")
_BRACKETED = Text("{name}（{parts}）", "{name} ({parts})")
_TERM = Text("{start} 至 {end}", "{start} to {end}")
_NOT_STATED = Text("未填", "not stated")


def stated_json(profile: Profile, vocabulary: Vocabulary) -> list[Json]:
    """The company's facts, then each project's: label, value and provenance in words."""
    groups = [{"about": text_json(_COMPANY), "rows": _rows(profile.company, profile, vocabulary)}]
    for project in profile.projects:
        kinds = vocabulary.lists["project_kinds"]
        about = _PROJECT.format(ref=project.ref, kind=kinds.label_of(project.kind))
        rows = _rows(project.facts, profile, vocabulary, f"projects.{project.ref}.")
        groups.append({"about": text_json(about), "rows": rows})
    return groups


def _rows(
    facts: Mapping[str, Value], profile: Profile, vocabulary: Vocabulary, prefix: str = ""
) -> list[Json]:
    """In the vocabulary's order, which is the order of asking."""
    return list(_each(facts, profile, vocabulary, prefix))


def _each(
    facts: Mapping[str, Value], profile: Profile, vocabulary: Vocabulary, prefix: str
) -> Iterator[Json]:
    for fact in vocabulary.facts.values():
        if fact.id in facts:
            key = f"{prefix}{fact.name}" if prefix else fact.id
            source = profile.provenance.get(key, Provenance.DECLARED)
            yield {
                "fact": fact.id,
                "label": text_json(fact.label),
                "value": text_json(stated_text(facts[fact.id], fact, vocabulary)),
                "provenance": text_json(PROVENANCE[source]),
            }


def stated_text(value: Value, fact: Fact, vocabulary: Vocabulary) -> Text:
    """A value in words; certificates with their terms, awards with level, amount and year."""
    if isinstance(value, tuple):
        records = [_record(v, fact, vocabulary) for v in value]
        return join(records, "；", "; ") if records else _NONE
    words = value_text(value, fact, vocabulary)
    return words if words.zh else _NONE


def _record(record: Certificate | Award, fact: Fact, vocabulary: Vocabulary) -> Text:
    codes = vocabulary.codes_of(fact)
    assert codes
    if isinstance(record, Certificate):
        term = _TERM.format(
            start=str(record.issued_on or "") or _NOT_STATED,
            end=str(record.expires_on or "") or _NOT_STATED,
        )
        return _BRACKETED.format(name=codes.label_of(record.category), parts=term)
    parts = list(_award(record, vocabulary))
    name = codes.label_of(record.purpose)
    return _BRACKETED.format(name=name, parts=join(parts, "，", ", ")) if parts else name


def _award(award: Award, vocabulary: Vocabulary) -> Iterator[Text]:
    if award.level:
        yield vocabulary.lists["levels"].label_of(award.level)
    if award.amount is not None:
        yield Text(f"{award.amount:,.2f} 元", f"CNY {award.amount:,.2f}")
    if award.year:
        yield Text(f"{award.year} 年", str(award.year))
