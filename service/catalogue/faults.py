"""What is wrong at one place of a policy file."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.catalogue.fault_words import NOTHING, quoted, say
from service.catalogue.yaml_faults import lookalike_in_value
from service.domain.facts.code_lists import CodeList
from service.domain.text import Text, nearest


class ConditionFault(Exception):
    """One node cannot be compiled; the message and what is allowed there. `inside` are the
    innermost mapping that is at fault and the value in it, where that is known more closely."""

    def __init__(self, message: Text, allowed: object = ()) -> None:
        super().__init__(message.en)
        self.message = message
        self.inside: tuple[object, object] | None = None
        self.allowed = sorted(str(a) for a in allowed) if isinstance(allowed, set | dict) else ()


def number_fault(number: object, message: Text) -> ConditionFault:
    """The fault of a number that stands somewhere in what is read."""
    fault = ConditionFault(message)
    fault.inside = (None, number)
    return fault


def not_in_list(code: object, codes: CodeList) -> ConditionFault:
    """The fault of a code that a list does not hold: the sign that is in it, or the code that was
    probably meant."""
    near = codes.suggest(str(code))
    hint = say("did_you_mean", near=quoted(near[0])) if near else NOTHING
    sign = lookalike_in_value(str(code))
    why = say("reason_behind", reason=sign) if sign else hint
    said = say("code_is_not_in_list", code=quoted(code), codes=quoted(codes.id), why=why)
    return ConditionFault(said, set(codes.codes))


def did_you_mean(word: object, known: Iterable[str]) -> Text:
    """A question for the known word that is like an unknown one, or the only one that it begins;
    otherwise nothing. Facts are alike by their own names: that both are the company's says nothing.

    >>> did_you_mean("sums", ["sum", "mean"]).en, did_you_mean("high", ["high-2016", "sme"]).zh
    (", did you mean 'sum'?", '，是否指“high-2016”？')
    >>> did_you_mean("company.bank_rating", ["company.plans_listing"]).en
    ''
    >>> did_you_mean("project.revenue", ["company.revenue", "project.cost"]).en
    ", did you mean 'company.revenue'?"
    """
    names = sorted(known)
    before, dot, own = str(word).rpartition(".")
    owner = before + dot if any(name.startswith(before + dot) for name in names) else ""
    alike = {name.removeprefix(owner): name for name in names if name.startswith(owner)}
    near = nearest(str(word).removeprefix(owner), alike)
    elsewhere = [name for name in names if dot and name.endswith(dot + own)]
    begun = [name for name in names if name.startswith(str(word))] if word else []
    only = elsewhere or begun
    meant = alike[near] if near else only[0] if len(only) == 1 else None
    return say("did_you_mean_value", meant=quoted(meant)) if meant else NOTHING


def did_you_mean_one_called(word: object, names: Mapping[str, Text]) -> Text:
    """The same of what has a name besides: a question for the one whose name holds the word, the
    shortest where several do.

    >>> names = {"lpr_1y": Text("一年期贷款市场报价利率（LPR）", "One-year loan prime rate (LPR)")}
    >>> did_you_mean_one_called("lpr", names).en, did_you_mean_one_called("lpr_1", names).zh
    (", did you mean 'lpr_1y'?", '，是否指“lpr_1y”？')
    """
    said = str(word).strip().lower()
    labels = [
        (label, name) for name, text in names.items() for label in text.by_language().values()
    ]
    called = [(len(label), name) for label, name in labels if said and said in label.lower()]
    if called:
        return say("did_you_mean_value", meant=quoted(min(called)[1]))
    return did_you_mean(word, names)


class FaultNoted(Exception):
    """A part of the node cannot be compiled, and its fault has been told at its own place."""


def check_keys(raw: Mapping[str, Any], allowed: set[str]) -> None:
    """Raises ConditionFault where a mapping has a key that means nothing in its place."""
    unknown = sorted(str(key) for key in raw.keys() - allowed)
    if unknown:
        raise ConditionFault(say("cannot_stand_here", unknown=quoted(unknown[0])), allowed)
