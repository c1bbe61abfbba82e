"""What a company can have together, in words (`combination_words.toml`): one account for page, memo
and workbook."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from service.domain.advice.combination_result import OpenPoint
from service.domain.advice.received import is_of_company
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text
from service.domain.wording.clause_words import document_name
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
    had = any(point["code"] == OpenPoint.SAME_THING for point in best["open_points"])
    ceilings = {(m["programme"]["id"], m["subject"]): m["ceiling"] for m in matches}
    parts = Counter(part["programme"] for part in (*best["chosen"], *best["left_out"]))
    return {
        "total": text_json(_bounds_words(best["total"], vocabulary, had)),
        "open_points": [
            *(point["text"] for point in best["open_points"]),
            *_overlap_clauses(best["chosen"], catalogue),
        ],
        "chosen": [
            {
                **_named(chosen, catalogue, names),
                "amount": text_json(_bounds_words(chosen["amount"], vocabulary, had)),
                "note": _why_less(
                    chosen,
                    ceilings.get((chosen["programme"], chosen["subject"])),
                    vocabulary,
                    _may_share_cap(catalogue, chosen["programme"], parts[chosen["programme"]]),
                ),
            }
            for chosen in best["chosen"]
        ],
        "left_out": _left_out_by_reason(best["left_out"], catalogue, names),
    }


def _left_out_by_reason(
    omitted: Iterable[Json], catalogue: Catalogue, called: Mapping[str, Text | None]
) -> list[Json]:
    groups: dict[str, Json] = {}
    for part in omitted:
        group = groups.setdefault(part["why"]["zh"], {"why": part["why"], "programmes": []})
        group["programmes"].append(_named(part, catalogue, called))
    return list(groups.values())


def _named(part: Json, catalogue: Catalogue, called: Mapping[str, Text | None]) -> Json:
    """A programme's name, with the project's where it is for one."""
    name, subject = text_json(catalogue.list_name(part["programme"])), part["subject"]
    if subject in (COMPANY, None):
        return {"name": name, "subject": None}
    about = called.get(subject, project_words(subject))
    return {"name": name, "subject": text_json(about) if about else None}


def _overlap_clauses(chosen: Iterable[Json], catalogue: Catalogue) -> Iterator[Json]:
    """What the documents behind a total say of support for the same thing, each once."""
    programmes = (catalogue.programmes[part["programme"]] for part in chosen)
    for measure_id in dict.fromkeys(p.measure for p in programmes):
        measure = catalogue.measures[measure_id]
        if measure.overlap:
            said = WORDS["overlap_clause"]
            yield text_json(said.format(document=document_name(measure), text=measure.overlap.text))


def _bounds_words(bounds: Mapping[str, Any], vocabulary: Vocabulary, had: bool) -> Text:
    """An amount, or what is known of it: both ends, the upper end alone, or the lower one. Where it
    may have been `had` already, the lower end is said though it is nothing."""
    if had and bounds["amount"] is None and bounds["high"] and not Decimal(bounds["low"]):
        return WORDS["from_nothing"].format(most=amount_text(bounds["high"], vocabulary))
    known = range_text(bounds, vocabulary)
    if known is not None:
        return known
    if not Decimal(bounds["low"]):
        return WORDS["unknown"]
    return WORDS["at_least"].format(least=amount_text(bounds["low"], vocabulary))


def _may_share_cap(catalogue: Catalogue, programme: str, parts: int) -> bool:
    """Whether what a programme pays for one project may be less because of another."""
    benefit = catalogue.programmes[programme].benefit
    caps = benefit.caps if benefit else ()
    return any(cap.shared or (parts > 1 and is_of_company(cap)) for cap in caps)


def _why_less(
    chosen: Json, ceiling: Json | None, vocabulary: Vocabulary, may_share: bool
) -> Json | None:
    """Why an amount is below its ceiling; None where it is not. Where nothing shares its cap, it is
    what was received before."""
    amount, bound = chosen["amount"]["amount"], ceiling["amount"] if ceiling else None
    if amount is None or bound is None or bound == amount:
        return None
    taken = amount_text(Decimal(bound) - Decimal(amount), vocabulary)
    words = WORDS["less" if may_share else "less_received"]
    return text_json(words.format(ceiling=amount_text(bound, vocabulary), taken=taken))
