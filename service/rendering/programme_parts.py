"""The parts of a match that are the same for every company: the card of the programme, its money
rule, its clauses, and who decides."""

from service.domain.dates import Window
from service.domain.evaluation.evaluator import Status
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Condition, children_of
from service.domain.rules.measures import Evidence
from service.domain.rules.programmes import Commitment, Programme
from service.domain.text import Text, join
from service.domain.wording.selection import selection_words
from service.rendering.json_parts import Json, clause_json, text_json
from service.rendering.money_json import money_rule_json
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)

_DECIDES = {
    Status.ELIGIBLE: Text(
        "条件完整，按条文自动适用", "the conditions are complete: it applies by itself"
    ),
    Status.POTENTIAL: Text(
        "条文写明的条件都已满足，{outcome}由{who}按规定确定",
        "Every condition that the text states is met; {outcome} is for {who} to decide by the "
        "rules",
    ),
    Status.UNDETERMINED: Text(
        "凭所填信息和条文还不能判断，最终由{who}按规定确定",
        "What is stated and what the text says do not settle it. Who decides in the end: {who}",
    ),
    Status.WATCH: Text(
        "尚未开放，仅供关注，届时由{who}按规定确定",
        "Not open yet, only to watch. Who will decide: {who}",
    ),
    Status.INELIGIBLE: Text(
        "有条文写明或隐含的条件不满足", "A condition that is stated or implied is not met"
    ),
    Status.NOT_IN_FORCE: Text("评估日不在有效期内{term}", "Not in force on this date{term}"),
}
# The same of what is known from the press only: no text states anything there.
_REPORTED = {
    **_DECIDES,
    Status.POTENTIAL: Text(
        "报道提到的条件都已满足，能否办成由{who}决定；仅见于新闻报道，请向提供方核实",
        "Every condition that the report names is met. Who decides: {who}. Known from the press "
        "only: ask the provider",
    ),
    Status.UNDETERMINED: Text(
        "凭所填信息和报道还不能判断，最终由{who}决定；仅见于新闻报道，请向提供方核实",
        "What is stated and what the report says do not settle it. Who decides in the end: {who}. "
        "Known from the press only: ask the provider",
    ),
    Status.WATCH: Text(
        "报道说尚未推出，仅供关注，届时由{who}决定；请向提供方核实",
        "Not open yet by the report, only to watch. Who will decide: {who}; ask the provider",
    ),
    Status.INELIGIBLE: Text(
        "有报道提到或隐含的条件不满足", "A condition that the report names or implies is not met"
    ),
    Status.NOT_IN_FORCE: Text(
        "评估日不在报道所述安排的时间内{term}", "Not within the time of what is reported{term}"
    ),
}


def programme_parts(programme: Programme, catalogue: Catalogue) -> Json:
    """The parts of a programme's match objects that no profile changes: `decided_by` has the words
    for each status, `money` is None where no money is paid."""
    rule = programme.benefit
    return {
        "programme": _card(programme),
        "decided_by": _deciders(programme),
        "money": None if rule is None else money_rule_json(rule, catalogue.vocabulary),
        "overlap_group": catalogue.overlap_groups[programme.id],
        "clauses": [_clause_with_gist(c, catalogue) for c in _clauses_of(programme)],
    }


def _card(programme: Programme) -> Json:
    return {
        "id": programme.id,
        "name": text_json(programme.name),
        "summary": text_json(programme.summary),
        "instrument": programme.instrument,
        "measure": programme.measure,
        "jurisdiction": programme.jurisdiction,
        "commitment": programme.commitment.value,
        "evidence": programme.evidence.value,
        "supports": next(iter(programme.supports), None),
        "supported_kinds": list(programme.supports),
        "valid_from": _day_text(programme.window.start),
        "valid_to": _day_text(programme.window.end),
        "window_inferred": programme.window.inferred,
    }


def _deciders(programme: Programme) -> dict[Status, Json]:
    sentences = _REPORTED if programme.evidence is Evidence.NEWS else _DECIDES
    named = {
        "who": programme.decided_by,
        "term": _term_words(programme.window),
        "outcome": _outcome_words(programme),
    }
    return {
        status: text_json(_who_decides(programme, status, words.format(**named)))
        for status, words in sentences.items()
    }


def _outcome_words(programme: Programme) -> Text:
    """What somebody decides about it in the end."""
    is_helped = programme.commitment is Commitment.FACILITATION
    return _WORDS["brought_about" if is_helped else "granted"]


def _term_words(window: Window) -> Text:
    """From when until when something is in force, and whether that is written: whoever is too early
    reads when it begins."""
    key = {
        (True, True): ("from_to", "inferred_from_to"),
        (True, False): ("from", "inferred_from"),
        (False, True): ("until", "inferred_until"),
    }.get((window.start is not None, window.end is not None))
    if key is None:
        return _WORDS["no_term"]
    return _WORDS[key[window.inferred]].format(start=str(window.start), end=str(window.end))


def _who_decides(programme: Programme, status: Status, words: Text) -> Text:
    """Who decides; of those who qualify, what is left to judge and that they are chosen among."""
    if status is not Status.POTENTIAL:
        return words
    if programme.others_judge is not None:
        words = _WORDS["others_judge"].format(
            what=programme.others_judge,
            who=programme.decided_by,
            outcome=_outcome_words(programme),
        )
    if programme.selection is None:
        return words
    return join([words, selection_words(programme.selection)], Text("。", ". "))


def _clause_with_gist(clause: Clause, catalogue: Catalogue) -> Json:
    article = catalogue.measures[clause.measure].article(clause.article)
    gist = text_json(article.gist) if article else None
    return {**clause_json(clause), "gist": gist}


def _clauses_of(programme: Programme) -> list[Clause]:
    """The clauses a programme rests on, its own article first, each once."""
    found = {programme.clause: None}
    stack: list[Condition] = [programme.condition]
    while stack:
        condition = stack.pop(0)
        found[condition.clause] = None
        stack.extend(children_of(condition))
    caps = programme.benefit.caps if programme.benefit else ()
    found |= {cap.shared.clause: None for cap in caps if cap.shared}
    return list(found)


def _day_text(day: object) -> str | None:
    return None if day is None else str(day)
