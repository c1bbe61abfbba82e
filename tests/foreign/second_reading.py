"""The 264 programmes read without a line of the service: three truths (True, False, None: unknown),
statuses and amounts, from what docs/rule-language.md says. Also the applicants who ask.
"""

from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from random import Random
from typing import Any, TypeAlias

from tests.foreign.written_rules import KINDS, LABELS, NUMBERS, PLACES, THEMES, TRADES, Rule, Tree

Facts: TypeAlias = dict[str, Any]
DAY = date(2026, 11, 22)
WIDER = {**PLACES, **TRADES, **THEMES}
UNKNOWN, YES, NO = None, True, False


def applicants(count: int = 100, seed: int = 1848) -> list[Facts]:
    """Applicants on and beside the bounds, of whom a third of the facts is not stated."""
    random = Random(seed)
    return [_applicant(random) for _ in range(count)]


def _applicant(random: Random) -> Facts:
    money = (0, 1, 999, 12_500, 66_666.67, 1_200_000)
    drawn: Facts = {
        "company.kind": random.choice(KINDS),
        "company.territoire": random.choice(list(PLACES)),
        "company.secteur": random.choice(list(TRADES)),
        "company.themes": random.sample(list(THEMES), random.randint(0, 3)),
        "company.labels": [_label(random) for _ in range(random.randint(0, 2))],
        "company.exporte": random.choice((True, False)),
        "company.creee_le": _birthday(random),
        "company.depense": random.choice(money),
        "company.recherche": random.choice((1, 5, 6, 20, 100)),
        "company.salaires": random.choice((100, 101, 400)),
    }
    for fact, ends in NUMBERS.items():
        drawn[fact] = random.choice(ends) + random.choice((-1, 0, 0, 1))
    return {fact: held for fact, held in drawn.items() if random.random() < 0.67}


def _label(random: Random) -> dict[str, str]:
    ends = random.choice((DAY - timedelta(1), DAY, DAY + timedelta(1), None))
    began = random.choice((DAY - timedelta(300), DAY, DAY + timedelta(1)))
    if ends is not None and ends < began:
        began = ends
    told = {"category": random.choice(LABELS), "issued_on": str(began)}
    return told | ({"expires_on": str(ends)} if ends else {})


def _birthday(random: Random) -> str:
    years = random.choice((1, 3, 5))
    return str(DAY.replace(year=DAY.year - years) + timedelta(random.choice((-1, 0, 1))))


def truth(tree: Tree, facts: Facts) -> bool | None:
    """Whether somebody meets a condition."""
    head, *rest = tree
    if head == "not":
        inner = truth(rest[0], facts)
        return None if inner is None else not inner
    if head in ("all", "any", "some"):
        truths = [truth(part, facts) for part in rest[-1]]
        needed = {"all": len(truths), "any": 1}[head] if head != "some" else int(rest[0])
        if truths.count(True) >= needed:
            return True
        return False if len(truths) - truths.count(False) < needed else None
    if head == "label":
        return _has_label(rest[0], facts.get("company.labels"))
    held = None if head == "undecided" else facts.get(rest[0])
    return None if held is None else _test(head, held, rest[1:], facts)


def _test(head: str, held: Any, rest: list[Any], facts: Facts) -> bool | None:
    """Whether a stated value is what a test asks for."""
    if head == "ratio":
        other = facts.get(rest[0])
        if other is None:
            return None
        return Decimal(str(held)) >= Decimal(rest[1]) * Decimal(str(other))
    if head == "yes":
        return bool(held)
    if head == "among":
        return _lies_in(held, rest[0])
    if head == "held":
        found = [_lies_in(code, rest[0]) for code in held]
        return True if True in found else None if None in found else False
    if head.startswith("age"):
        born = date.fromisoformat(held)
        whole = born.replace(year=born.year + rest[0]) <= DAY
        return whole if head == "age_at_least" else not whole
    bound = rest[0]
    sides = {"at_least": held >= bound, "more_than": held > bound, "at_most": held <= bound}
    return bool(sides.get(head, held < bound))


def _lies_in(code: str, asked: tuple[str, ...]) -> bool | None:
    """In one of the codes; perhaps, where a code lies in what is stated."""
    if any(above in asked for above in _around(code)):
        return True
    return None if any(code in _around(narrower) for narrower in asked) else False


def _around(code: str) -> list[str]:
    found, above = [code], WIDER[code]
    while above is not None:
        found.append(above)
        above = WIDER[above]
    return found


def _has_label(label: str, records: list[dict[str, str]] | None) -> bool | None:
    """A label whose term includes the day; without a last day it is not known."""
    if records is None:
        return None
    found = []
    for record in records:
        if record["category"] == label and date.fromisoformat(record["issued_on"]) <= DAY:
            ends = record.get("expires_on")
            found.append(None if ends is None else date.fromisoformat(ends) >= DAY)
    return True if True in found else None if None in found else False


def meets(rule: Rule, facts: Facts) -> bool | None:
    """Whether somebody is of a kind that is addressed, and meets the rest."""
    kind = facts.get("company.kind")
    addressed = None if kind is None or kind in rule.open_to else kind in rule.kinds
    own = truth(rule.asks, facts)
    if addressed is False or own is False:
        return False
    return None if addressed is None or own is None else True


def status(rule: Rule, facts: Facts) -> str:
    """What somebody is told."""
    if rule.begins > DAY or (rule.ends is not None and rule.ends < DAY):
        return "not_in_force"
    met = meets(rule, facts)
    if met is None:
        return "undetermined"
    best = {"entitlement": "eligible", "planned": "watch"}.get(rule.commitment, "potential")
    return best if met else "ineligible"


def ceiling(rule: Rule, facts: Facts) -> dict[str, str | None]:
    """The amount in cents, or the two ends where the expense is not stated."""
    spent = facts.get("company.depense")
    if spent is None:
        return {"amount": None, "low": None, "high": f"{rule.cap}.00"}
    paid = min(Decimal(rule.rate) * Decimal(str(spent)), Decimal(rule.cap))
    return {"amount": str(paid.quantize(Decimal("0.01"), ROUND_DOWN))}
