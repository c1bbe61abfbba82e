"""What to tell about how a profile was read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Award, Profile, records_in
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import LIST_COMMA, Text, join, quoted
from service.intake.programme_names import MAX_LIKELY, ProgrammeNames

_PAYER_UNCLEAR = Text(
    "已获支持的发放事项“{written}”不明确，是否指{names}？请改填编号；在此之前，这笔支持由哪项发放按未知处理",
    "it is not clear which programme “{written}” is that paid support: did you mean {names}? Please"
    " give the id; until then it is unknown which of them paid it",
)
_OTHER_PURPOSE = Text(
    "已获支持填的用途是“{stated}”，所填的发放事项{payer}却用于“{own}”，请核对",
    "support had is stated to be for “{stated}”, and {payer}, said to have paid it, is for “{own}”;"
    " please check",
)


class TakenAs(StrEnum):
    """What a fact that nobody stated was taken to be, or that a stated set was found to lack
    something."""

    NO = "no"
    NONE = "none"
    VALUE = "value"
    MORE = "more"


_TAKEN = {
    TakenAs.VALUE: Text(
        "未填写{facts}，按“{source}”推定", "Not stated: {facts}; taken from “{source}”"
    ),
    TakenAs.NO: Text(
        "未填写{facts}，按“{source}”推定为否", "Not stated: {facts}; taken to be no from “{source}”"
    ),
    TakenAs.NONE: Text(
        "未填写{facts}，按“{source}”推定为无",
        "Not stated: {facts}; taken to be none from “{source}”",
    ),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know about how a profile was read; it changes no answer by itself. `sources`:
    the facts that `fact` was taken from, or contradicts; `taken_as`: what it was taken to be."""

    code: str
    text: Text
    fact: str | None
    sources: tuple[str, ...] = ()
    taken_as: TakenAs | None = None


def taken_text(taken_as: TakenAs, facts: Iterable[Text], sources: Iterable[Text]) -> Text:
    """That facts of these names were taken from others."""
    names = join([quoted(name) for name in facts], LIST_COMMA)
    return _TAKEN[taken_as].format(facts=names, source=join([*sources], LIST_COMMA))


def retired_notices(profile: Profile, vocabulary: Vocabulary) -> list[Notice]:
    """For each code among stated facts that is no longer given out: since when, and what took its
    place."""
    retired, found = vocabulary.retired, []
    for facts in (profile.company, *[p.facts for p in profile.projects]):
        for fact_id in [fact for fact in facts if fact in retired]:
            codes = retired[fact_id]
            for code in codes_in(facts[fact_id]):
                if code in codes.retired:
                    label = vocabulary.facts[fact_id].label
                    found.append(Notice("retired_code", _retired_text(label, code, codes), fact_id))
    return found


def payer_notices(
    profile: Profile, programmes: ProgrammeNames, vocabulary: Vocabulary
) -> Iterator[Notice]:
    """What is doubtful about the programmes that are said to have paid the support had."""
    held = [(fact, value) for fact, value in profile.company.items() if isinstance(value, tuple)]
    for fact, records in held:
        awards = [record for record in records_in(records) if isinstance(record, Award)]
        if awards and (codes := vocabulary.codes_of(vocabulary.facts[fact])):
            for award in awards:
                for code, text in _payer_doubts(award, programmes, codes):
                    yield Notice(code, text, fact)


def _payer_doubts(
    award: Award, programmes: ProgrammeNames, purposes: CodeList
) -> Iterator[tuple[str, Text]]:
    """What is doubtful about the programme that an award names: that it may be one of several, or
    that it pays for something else than the support is said to be for."""
    named = award.programme or ""
    if award.likely:
        names = [programmes.label_of(p) for p in award.likely[:MAX_LIKELY]]
        text = _PAYER_UNCLEAR.format(written=named, names=join(names, LIST_COMMA))
        yield "programme_unclear", text
    own = programmes.purposes.get(named, award.purpose)
    if own != award.purpose:
        yield (
            "programme_of_other_purpose",
            _OTHER_PURPOSE.format(
                stated=purposes.label_of(award.purpose),
                payer=programmes.label_of(named),
                own=purposes.label_of(own),
            ),
        )


def _retired_text(fact: Text, code: str, codes: CodeList) -> Text:
    entry = codes.codes[code]
    words = Text(
        "{fact}中的“{name}”自 {day} 起停用", "{fact}: “{name}” is retired since {day}"
    ).format(fact=fact, name=entry.label, day=str(entry.retired_on))
    if not entry.successor:
        return words
    now = codes.label_of(entry.successor)
    return Text("{words}，现为“{now}”", "{words}, now “{now}”").format(words=words, now=now)


def codes_in(value: object) -> Iterable[str]:
    """The codes that a value states, of certificates those of their categories."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [str(getattr(v, "category", "")) for v in value]
    return ()
