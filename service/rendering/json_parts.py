"""The smallest pieces of an answer: texts, clauses, money, names of subjects."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from service.domain.advice.combination_result import MoneyRange
from service.domain.advice.settling import SettledBy
from service.domain.evaluation.evaluator import MatchLike
from service.domain.facts.profile import Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.conditions import Clause
from service.domain.text import Text
from service.domain.wording.clause_words import clause_words
from service.domain.wording.labels import AUTHORITY

Json: TypeAlias = dict[str, Any]

COMPANY = "company"
# What every text has, as JSON, and nothing else.
_TEXT_KEYS = {"zh", "en"}


def whole_list(items: Iterable[Json]) -> Json:
    """A list that never comes in pages, ended as every list is."""
    return {"items": [*items], "next_cursor": None}


def text_json(text: Text) -> Json:
    return text.by_language()


def wording(text: Mapping[str, str], language: str) -> str:
    """What a text says in a language; in English where it has not that one."""
    return text.get(language, text["en"])


def plain_value(value: object) -> object:
    """A value from a policy file as a submitter sends it in JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain_value(v) for key, v in value.items()}
    if isinstance(value, list):
        return [plain_value(v) for v in value]
    return value


def with_refs(projects: object) -> list[Any]:
    """The projects that an example lists, each with a name to tell it by."""
    listed = projects if isinstance(projects, list) else [projects]
    return [
        {"ref": f"project-{n}", **project} if isinstance(project, dict) else project
        for n, project in enumerate(listed, 1)
    ]


def clause_json(clause: Clause) -> Json:
    return {"measure": clause.measure, "article": clause.article}


def money_json(amount: Decimal | None) -> str | None:
    """Yuan with two places; None stays None."""
    return None if amount is None else f"{amount:.2f}"


def range_json(found: MoneyRange | Ceiling) -> Json:
    """An amount with its ends; `amount` is null where only the ends are known."""
    return {
        "amount": money_json(found.amount),
        "low": money_json(found.low),
        "high": money_json(found.high),
    }


def block_of(match: Json) -> str:
    """Where a match stands, or several that have a status in common: what is open by who settles
    it."""
    return AUTHORITY if match.get("settled_by") == SettledBy.AUTHORITY else str(match["status"])


def askable_facts(match: Json) -> list[str]:
    """The facts that a match lacks and that an answer can still settle it by; none where it waits
    for an authority, whatever is answered."""
    waits = match.get("settled_by") == SettledBy.AUTHORITY
    return [] if waits else list(match["missing_facts"])


def missing_labels(match: Json, stated: Mapping[str, Value], vocabulary: Vocabulary) -> list[Text]:
    """What the facts that a match lacks are called, beside what is stated of its subject."""
    return [vocabulary.facts[f].wording(stated.get(f)).label for f in askable_facts(match)]


def subject_name(match: MatchLike) -> str | None:
    """ "company", a project's ref, or None for a project nobody has submitted."""
    return COMPANY if not match.programme.supports else match.subject.ref


_NESTED = (dict, list)


def in_language(data: Any, language: str | None) -> Any:
    """Plain data of which every text has the wording for one language only; None: all."""
    if language is None:
        return data
    if isinstance(data, dict):
        if data.keys() >= _TEXT_KEYS:
            return {language: data.get(language, data["en"])}
        # What stands last is not asked for again: three values of four, a call for each.
        return {
            key: in_language(value, language) if isinstance(value, _NESTED) else value
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [in_language(v, language) if isinstance(v, _NESTED) else v for v in data]
    return data


def clause_text(clause: Json, catalogue: Catalogue) -> Text:
    """A clause of an answer in words."""
    return clause_words(catalogue.measures[clause["measure"]], clause["article"])
