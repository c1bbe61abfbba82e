"""What to tell about how a profile was read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.domain.facts.profile import Profile
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know about how a profile was read; it changes no answer by itself."""

    code: str
    text: Text
    fact: str | None


def retired_notices(profile: Profile, vocabulary: Vocabulary) -> list[Notice]:
    """For each code among stated facts that is no longer given out: since when, and what took its
    place."""
    found = []
    for fact_id, value in _stated_values(profile):
        fact = vocabulary.facts[fact_id]
        codes = vocabulary.codes_of(fact)
        for code in _codes_in(value) if codes else ():
            entry = codes.codes.get(code) if codes else None
            if entry is None or codes is None or entry.retired_on is None:
                continue
            words = Text(
                "{fact}中的“{name}”自 {day} 起停用", "{fact}: “{name}” is retired since {day}"
            ).format(fact=fact.label, name=entry.label, day=entry.retired_on.isoformat())
            if entry.successor:
                now = codes.label_of(entry.successor)
                words = Text("{words}，现为“{now}”", "{words}, now “{now}”").format(
                    words=words, now=now
                )
            found.append(Notice("retired_code", words, fact_id))
    return found


def _codes_in(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [str(getattr(v, "category", "")) for v in value]
    return ()


def _stated_values(profile: Profile) -> Iterator[tuple[str, object]]:
    yield from profile.company.items()
    for project in profile.projects:
        yield from project.facts.items()
