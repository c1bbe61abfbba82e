"""Advice as the contract's data: what to ask, what is short by how little, what to take."""

from collections.abc import Callable
from decimal import Decimal

from service.domain.advice.combination import Combination, OmissionReason, Omitted
from service.domain.advice.near_miss import Change, NearMiss
from service.domain.advice.questions import Question
from service.domain.evaluation.evaluator import MatchT as S
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Condition
from service.domain.text import Text
from service.domain.wording.labels import NONE
from service.domain.wording.sentences import observed_text, value_text
from service.rendering.json_parts import Json, money_json, subject_name, text_json

_CHANGE = Text(
    "{fact}：现为 {present}，改为 {wanted} 即可", "{fact}: now {present}; {wanted} would do"
)
_WHY = {
    OmissionReason.NO_AMOUNT: Text("条文没有给出金额", "the text names no amount"),
    OmissionReason.AMOUNT_UNKNOWN: Text(
        "计算所需的数额尚未填写", "the figure it is reckoned from is not stated"
    ),
    OmissionReason.OVERLAP: Text(
        "与“{instead}”属于同一级政府的同类支持，只取较高的一项",
        "of the same purpose and level of government as “{instead}”: only the better one counts",
    ),
    OmissionReason.SAME_PROGRAMME: Text(
        "条文没有写明多个项目可以累加，只计最高的一个",
        "the text does not say that several projects add up: only the best one counts",
    ),
    OmissionReason.PERSONAL: Text(
        "支持对象是个人，不计入企业", "it is for a person, not for the company"
    ),
    OmissionReason.RECEIVED: Text(
        "同级同类支持已获得不低于此的金额", "as much of the same purpose and level was received"
    ),
}


def question_json(question: Question, vocabulary: Vocabulary) -> Json:
    """A question with its words and what hangs on it."""
    fact = vocabulary.facts[question.fact]
    return {
        "fact": question.fact,
        "text": text_json(fact.question),
        "help": text_json(fact.help),
        "decides": question.decides,
        "at_stake": money_json(question.at_stake),
        "subjects": list(question.subjects),
        "kinds": list(question.kinds),
    }


def near_miss_json(
    near: NearMiss | None,
    vocabulary: Vocabulary,
    words: Callable[[Condition], Json],
) -> Json | None:
    """The way to potential; null where there is nothing to say. `words` gives what is fixed of a
    condition."""
    if near is None:
        return None
    return {
        "distance": near.distance,
        "changes": [_change(c, vocabulary) for c in near.changes],
        "assuming": list(near.assuming),
        "blocked_by": [
            _block(words(f.condition), observed_text(f.observed)) for f in near.blocked_by
        ],
        "opens_on": near.opens_on.isoformat() if near.opens_on else None,
    }


def _block(fixed: Json, observed: str | None) -> Json:
    return {"text": fixed["text"], "clause": fixed["clause"], "observed": observed}


def _change(change: Change, vocabulary: Vocabulary) -> Json:
    fact = vocabulary.facts[change.fact]
    present = value_text(change.present, fact, vocabulary)
    wanted = value_text(change.wanted, fact, vocabulary)
    words = _CHANGE.format(fact=fact.label, present=_or_none(present), wanted=_or_none(wanted))
    return {
        "fact": change.fact,
        "present": observed_text(change.present),
        "required": observed_text(change.wanted),
        "text": text_json(words),
    }


def _or_none(text: Text) -> Text:
    return text if text.zh else NONE


def combination_json(
    combination: Combination[S],
    money: Callable[[Decimal], object] = money_json,
    name: Callable[[S], object] = subject_name,
) -> Json | None:
    """The best lawful set; null where nothing can be counted. `money` gives what is shown of an
    amount, the total first, and `name` of whose a match is."""
    if not combination.chosen and not combination.left_out:
        return None
    return {
        "total": money(combination.total),
        "chosen": [
            {
                "programme": c.match.programme.id,
                "subject": name(c.match),
                "amount": money(c.amount),
            }
            for c in combination.chosen
        ],
        "left_out": [_left_out(o, name(o.match)) for o in combination.left_out],
    }


_WHY_JSON = {reason: text_json(why) for reason, why in _WHY.items()}


def _left_out(omitted: Omitted[S], name: object) -> Json:
    why = _WHY_JSON[omitted.reason]
    if omitted.instead:
        why = text_json(_WHY[omitted.reason].format(instead=omitted.instead.programme.name))
    return {
        "programme": omitted.match.programme.id,
        "subject": name,
        "reason": omitted.reason.value,
        "why": why,
    }
