"""The memo of one evaluation, as data: what a bank's file or a company's board keeps.

It shows what was answered, word for word; the catalogue of that day is asked only for the names of
things.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

import orjson

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.dates import Window
from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import COMPANY_KIND, Profile, Value, project_subject
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.principal import ANONYMOUS, Principal
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.domain.text import LIST_COMMA, Text, join
from service.domain.wording.clause_words import document_name
from service.domain.wording.labels import STATUS
from service.rendering.amount_words import over_the_years
from service.rendering.combination_words import combination_words
from service.rendering.json_parts import Json, clause_text, missing_labels, text_json
from service.rendering.profile_words import stated_json
from service.rendering.project_names import NamedProject, project_names
from service.storage.receipts import ContentDigests, Receipt, digests_of
from service.usecases.receipts.left_open import by_what_is_missing, left_open
from service.usecases.receipts.memo_conditions import condition_lines
from service.usecases.receipts.memo_counts import folded_parts, status_counts
from service.usecases.receipts.receipts import ReceiptService

# Told with every condition; of the open ones what is missing, of the others what stands in the way.
IN_FULL = (Status.ELIGIBLE, Status.POTENTIAL)
OPEN = (Status.UNDETERMINED,)
_DERIVED = Text(
    "有 {count} 项没有填写，由其他信息推定，由哪一项推定写在“所依据的信息”里：{labels}",
    "{count} items are not stated and are taken from others, as “What it rests on” says: {labels}",
)
# From so many on, facts that were derived are told in one line.
MANY_DERIVED = 3
_BASE_UNKNOWN = Text("计算所需的数额尚未填写", "the figure it is reckoned from is not stated")
_FROM_DAY = Text(
    "最早 {day} 起可以满足条件", "would meet the conditions from {day} at the earliest"
)
# By whether the first and the last day are known.
_TERMS = {
    (True, True): Text("{start} 至 {end}", "{start} to {end}"),
    (True, False): Text("自 {start} 起，没有写明截止日", "from {start}, no last day named"),
    (False, True): Text("至 {end}", "until {end}"),
    (False, False): Text("没有写明", "not named"),
}


@dataclass(frozen=True)
class MemoSource:
    """Where a memo's answer comes from; a receipt's with its digests, or None where none was kept.
    Its time is told in the given zone."""

    receipt: Receipt | None
    engine_version: str
    digests: ContentDigests | None = None
    zone: tzinfo = UTC


def memo(
    compiled: CompiledCatalogue,
    request: object,
    answer: Json,
    origin: MemoSource,
    *,
    whole: bool = False,
) -> Json:
    """The memo of an answer that was given to a request under a catalogue. Texts are bilingual.

    `whole` tells the undetermined programmes with every condition, too.
    """
    catalogue = compiled.catalogue
    profile = compiled.requests.read(request).profile
    programmes = catalogue.programmes
    known = [m for m in answer["matches"] if m["programme"]["id"] in programmes]
    in_full, in_lines = ((*IN_FULL, *OPEN), ()) if whole else (IN_FULL, OPEN)
    full = [m for m in known if m["status"] in in_full]
    unsettled = [m for m in known if m["status"] in in_lines]
    rest = [m for m in known if m["status"] not in (*IN_FULL, *OPEN)]
    late = [m for m in rest if m["status"] == Status.NOT_IN_FORCE]
    names = _project_names(profile, catalogue.vocabulary)
    as_of = date.fromisoformat(answer["as_of"])
    return {
        "company": _company_json(profile, catalogue.vocabulary),
        "as_of": answer["as_of"],
        "catalogue_version": answer["catalogue_version"],
        "origin": _origin_json(origin),
        "summary": status_counts(answer),
        "stated": stated_json(profile, catalogue.vocabulary, names),
        "best": combination_words(answer["best_combination"], known, catalogue, names),
        "programmes": [_programme_json(m, profile, names, catalogue, as_of) for m in full],
        "open": by_what_is_missing(
            [_undetermined_json(m, profile, names, catalogue) for m in unsettled],
            _kind_asked_again(profile, catalogue.vocabulary),
        ),
        "others": _other_programmes(rest, names, catalogue),
        "folded": list(folded_parts(answer, catalogue)),
        "measures": [_measure_json(catalogue, m) for m in _measures_of([*full, *unsettled, *late])],
        "warnings": _warnings_json(answer["warnings"], catalogue.vocabulary),
    }


@dataclass(frozen=True)
class MemoService:
    """Memos of receipts."""

    receipt_service: ReceiptService

    def of_receipt(
        self, receipt_id: str, principal: Principal = ANONYMOUS, *, whole: bool = False
    ) -> Json:
        """Raises NotFound, and Refused where the rules of its day can no longer be read."""
        kept = self.receipt_service.receipts.get(receipt_id, principal.tenant)
        compiled = self.receipt_service.versions.compiled(kept.catalogue_version)
        given = self.receipt_service.given_answer(kept)
        request, answer = orjson.loads(kept.profile), self.receipt_service.whole_answer(kept, given)
        zone = self.receipt_service.clock.zone
        origin = MemoSource(kept, kept.engine_version, digests_of(given), zone)
        return memo(compiled, request, answer, origin, whole=whole)


def _company_json(profile: Profile, vocabulary: Vocabulary) -> Json:
    """Who it is about: by name, or else by the first of its codes."""
    identifiers = [
        {"label": text_json(fact.label), "value": profile.company.get(fact.id)}
        for fact in vocabulary.company
        if fact.type is FactType.IDENTIFIER
    ]
    name = profile.company.get("company.name")
    called = name or next((i["value"] for i in identifiers if i["value"]), None)
    return {"name": name, "called": called, "identifiers": identifiers}


def _origin_json(origin: MemoSource) -> Json:
    kept = origin.receipt
    return {
        "receipt_id": kept.id if kept else None,
        "created_at": kept.created_at.astimezone(origin.zone).isoformat() if kept else None,
        "sha256": origin.digests.sha256 if origin.digests else None,
        "sm3": origin.digests.sm3 if origin.digests else None,
        "engine_version": origin.engine_version,
    }


def _is_plainly_met(match: Json, programme: Programme) -> bool:
    """Whether all is met and nothing else is left to judge, or to choose by."""
    more = programme.others_judge is not None or programme.selection is not None
    return match["status"] == Status.POTENTIAL.value and not more


def _programme_json(
    match: Json,
    profile: Profile,
    names: Mapping[str, Text | None],
    catalogue: Catalogue,
    as_of: date,
) -> Json:
    programme = catalogue.programmes[match["programme"]["id"]]
    facts = _judged_facts(match, profile)
    own = programme.window != catalogue.measures[match["programme"]["measure"]].window
    return {
        **_match_head(match, names, catalogue),
        # What every promising programme has in common is said once for all of them.
        "decider": text_json(programme.decided_by) if _is_plainly_met(match, programme) else None,
        "decided_by": match["decided_by"],
        # A programme lives as long as its document, unless its own text says otherwise.
        "window": _window_json(programme.window) if own else None,
        "conditions": condition_lines(
            match["conditions"], programme.condition.children, facts, catalogue, as_of
        ),
        "ceiling": _ceiling_words(match["ceiling"], catalogue.vocabulary),
        "formula": match["ceiling"]["formula"] if match["ceiling"] else None,
        "missing": _missing_json(match, facts, catalogue),
        # Of its article no more than what is about it: an article may hold others' money too.
        "about": match["programme"]["summary"],
        "warnings": [w["text"] for w in match["warnings"]],
    }


def _match_head(match: Json, names: Mapping[str, Text | None], catalogue: Catalogue) -> Json:
    card, subject = match["programme"], match["subject"]
    name = names.get(subject)
    return {
        "id": card["id"],
        "name": text_json(catalogue.list_name(card["id"])),
        "subject": text_json(name) if name else None,
        "status": match["status"],
        "label": text_json(STATUS[Status(match["status"])]),
        "clause": text_json(clause_text(match["clauses"][0], catalogue)),
        "reported": card["evidence"] == "news",
    }


def _project_names(profile: Profile, vocabulary: Vocabulary) -> dict[str, Text | None]:
    """What the projects are called, by reference."""
    named = [
        NamedProject(p.ref, p.kind, str(p.facts.get("project.name") or ""))
        for p in profile.projects
    ]
    return project_names(named, vocabulary)


def _judged_facts(match: Json, profile: Profile) -> Mapping[str, Value]:
    """The facts that a match was judged by."""
    for project in profile.projects:
        if project.ref == match["subject"]:
            return project_subject(profile, project).facts
    return profile.company


def _kind_asked_again(profile: Profile, vocabulary: Vocabulary) -> Json | None:
    """The name of the question whether the applicant is of another kind too."""
    fact, stated = vocabulary.facts.get(COMPANY_KIND), profile.company.get(COMPANY_KIND)
    return text_json(fact.wording(stated).label) if fact and stated else None


def _warnings_json(warnings: list[Json], vocabulary: Vocabulary) -> list[Json]:
    """What an answer warns of. What each fact was derived from stands beside it among what the
    memo rests on: of many they are only named."""
    derived = [w for w in warnings if w["code"] == "derived_fact"]
    if len(derived) < MANY_DERIVED:
        return [w["text"] for w in warnings]
    facts = vocabulary.facts
    labels = [facts[w["fact"]].label for w in derived]
    words = _DERIVED.format(count=str(len(labels)), labels=join(labels, LIST_COMMA))
    return [text_json(words), *(w["text"] for w in warnings if w not in derived)]


def _ceiling_words(ceiling: Json | None, vocabulary: Vocabulary) -> Json | None:
    """The bound in words; None where the text names no amount."""
    if ceiling is None:
        return None
    return text_json(over_the_years(ceiling, vocabulary) or _BASE_UNKNOWN)


def _missing_json(match: Json, facts: Mapping[str, Value], catalogue: Catalogue) -> list[Json]:
    return [text_json(label) for label in missing_labels(match, facts, catalogue.vocabulary)]


def _undetermined_json(
    match: Json, profile: Profile, names: Mapping[str, Text | None], catalogue: Catalogue
) -> Json:
    """What is still missing; where the text itself leaves it open, what it leaves to others."""
    rule = catalogue.programmes[match["programme"]["id"]].condition
    facts = _judged_facts(match, profile)
    missing = _missing_json(match, facts, catalogue)
    theirs = (
        []
        if missing
        else left_open(match["conditions"], rule.children, facts, catalogue.vocabulary)
    )
    return {
        **_match_head(match, names, catalogue),
        "missing": missing,
        "left_open": theirs,
        "ceiling": _ceiling_words(match["ceiling"], catalogue.vocabulary),
    }


def _other_programmes(
    matches: list[Json], names: Mapping[str, Text | None], catalogue: Catalogue
) -> list[Json]:
    """The programmes that share a status and a reason, together."""
    groups: dict[tuple[str, str], Json] = {}
    for match in matches:
        why = _reasons_against(match)
        key = match["status"], orjson.dumps(why).decode()
        head = _match_head(match, names, catalogue)
        group = groups.setdefault(key, {"label": head["label"], "why": why, "programmes": []})
        group["programmes"].append(head)
    return list(groups.values())


def _reasons_against(match: Json) -> list[Json]:
    """What would have to change; of what cannot change the first in the rule, for each is enough by
    itself; or that it is not the time."""
    near = match["near_miss"]
    if match["status"] != Status.INELIGIBLE or near is None:
        return [match["decided_by"]]
    if near["changes"]:
        return [c["text"] for c in near["changes"]]
    if near["blocked_by"]:
        return [near["blocked_by"][0]["text"]]
    if near["opens_on"]:
        return [text_json(_FROM_DAY.format(day=near["opens_on"]))]
    return [match["decided_by"]]


def _window_json(window: Window) -> Json:
    return {
        "text": text_json(_window_words(window)),
        "inferred": window.inferred,
    }


def _window_words(window: Window) -> Text:
    words = _TERMS[window.start is not None, window.end is not None]
    return words.format(start=str(window.start), end=str(window.end))


def _measures_of(matches: list[Json]) -> list[str]:
    """Every measure that some matches rest on, in order of appearance."""
    return list(dict.fromkeys(m["programme"]["measure"] for m in matches))


def _measure_json(catalogue: Catalogue, measure_id: str) -> Json:
    measure = catalogue.measures[measure_id]
    return {
        "number": text_json(document_name(measure)),
        "title": text_json(measure.title),
        "issuers": text_json(join(measure.issuers, LIST_COMMA)),
        "issued_on": measure.issued_on.isoformat(),
        "window": _window_json(measure.window),
        "source": measure.source,
        "reported": measure.evidence.value == "news",
    }
