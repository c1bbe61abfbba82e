"""What a company can have together, in words (`combination_words.toml`): one account for page, memo
and workbook."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text
from service.rendering.amount_words import amount_text, range_text
from service.rendering.json_parts import COMPANY, Json, text_json
from service.rendering.texts import read_texts

WORDS = read_texts(__file__)


def project_words(ref: str) -> Text:
    """A project by its reference."""
    return WORDS["project"].format(ref=ref)


def combination_words(
    best: Json | None,
    matches: Iterable[Json],
    catalogue: Catalogue,
    called: Mapping[str, Text | None] | None = None,
) -> Json | None:
    """The best lawful set of an answer: its total, what is in it, what is left out by reason, and
    why it is an interval. `called` has the names of projects that have one to be shown, None
    where no other can be meant."""
    if best is None:
        return None
    vocabulary, names = catalogue.vocabulary, called or {}
    ceilings = {(m["programme"]["id"], m["subject"]): m["ceiling"] for m in matches}
    left_out: dict[str, Json] = {}
    for omitted in best["left_out"]:
        why = omitted["why"]
        group = left_out.setdefault(why["zh"], {"why": why, "programmes": []})
        group["programmes"].append(_named(omitted, catalogue, names))
    return {
        "total": _range_json(best["total"], vocabulary),
        "open_points": [point["text"] for point in best["open_points"]],
        "chosen": [
            {
                **_named(chosen, catalogue, names),
                "amount": _range_json(chosen["amount"], vocabulary),
                "note": _why_less(
                    chosen, ceilings.get((chosen["programme"], chosen["subject"])), vocabulary
                ),
            }
            for chosen in best["chosen"]
        ],
        "left_out": list(left_out.values()),
    }


def _named(part: Json, catalogue: Catalogue, called: Mapping[str, Text | None]) -> Json:
    """A programme's name, with the project's where it is for one."""
    name, subject = text_json(catalogue.list_name(part["programme"])), part["subject"]
    if subject in (COMPANY, None):
        return {"name": name, "subject": None}
    about = called.get(subject, project_words(subject))
    return {"name": name, "subject": text_json(about) if about else None}


def _range_json(amount: Mapping[str, Any], vocabulary: Vocabulary) -> Json | None:
    """An amount, or the two ends of an interval."""
    words = range_text(amount, vocabulary)
    return text_json(words) if words else None


def _why_less(chosen: Json, ceiling: Json | None, vocabulary: Vocabulary) -> Json | None:
    """Why an amount is below its ceiling; None where it is not."""
    amount, bound = chosen["amount"]["amount"], ceiling["amount"] if ceiling else None
    if amount is None or bound is None or bound == amount:
        return None
    taken = amount_text(Decimal(bound) - Decimal(amount), vocabulary)
    return text_json(WORDS["less"].format(ceiling=amount_text(bound, vocabulary), taken=taken))
