"""What a memo tells in numbers: matches of each kind, where they are, what stands in the way."""

from collections import Counter
from collections.abc import Iterable, Iterator

from service.domain.rules.catalogue import Catalogue
from service.domain.text import LIST_COMMA, Text, join
from service.domain.wording.labels import AUTHORITY, BLOCK
from service.rendering.json_parts import Json, block_of, text_json

_ALL_OTHERS = Text("其他", "others")
# Places and reasons that are told by name where an answer is folded.
MAX_PARTS = 12


def status_counts(answer: Json) -> list[Json]:
    """How many matches there are of each kind, as the result page counts them."""
    counts = {**answer["summary"]}
    parts = answer.get("overview") or [{**m, "count": 1} for m in answer["matches"]]
    counts[AUTHORITY] = sum(part["count"] for part in parts if block_of(part) == AUTHORITY)
    counts["undetermined"] -= counts[AUTHORITY]
    return [
        {"status": block, "label": text_json(label), "count": counts[block]}
        for block, label in BLOCK.items()
        if counts[block] or block in ("potential", "undetermined")
    ]


def folded_parts(answer: Json, catalogue: Catalogue) -> Iterator[Json]:
    """Of a folded answer, what of each block is told in numbers only: how many are listed of how
    many, where all of them are, and what keeps those out of reach by itself."""
    listed = Counter(block_of(match) for match in answer["matches"])
    vocabulary = catalogue.vocabulary
    for part in answer.get("overview", ()):
        block = block_of(part)
        if listed[block] == part["count"]:
            continue
        places, reasons = part["places"], part["reasons"]
        alone = sum(reason["count"] for reason in reasons)
        yield {
            "label": text_json(BLOCK[block]),
            "listed": listed[block],
            "count": part["count"],
            "places": _first_parts(
                (vocabulary.regions.label_of(p["jurisdiction"]), p["count"]) for p in places
            ),
            "reasons": _first_parts(
                (join((vocabulary.facts[f].label for f in r["facts"]), LIST_COMMA), r["count"])
                for r in reasons
            ),
            "several": part["count"] - alone if reasons else 0,
        }


def _first_parts(parts: Iterable[tuple[Text, int]]) -> list[Json]:
    """The commonest by name, and how many are none of them."""
    listed = list(parts)
    first = [{"label": text_json(label), "count": n} for label, n in listed[:MAX_PARTS]]
    others = sum(n for _, n in listed[MAX_PARTS:])
    return [*first, {"label": text_json(_ALL_OTHERS), "count": others}] if others else first
