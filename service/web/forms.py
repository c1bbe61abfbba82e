"""What a submitted form states of a case: each fact as its field says, and the faults of it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from service.domain.errors import InvalidInput
from service.domain.facts.vocabulary import Fact
from service.domain.text import Text
from service.domain.wording.values import stated_text
from service.rendering.canonical_json import canonical_json
from service.web.cases import Case
from service.web.field_values import Form, UnreadableInput, is_rough, read_value
from service.web.ports import PageContext

_DIGEST_LENGTH = 12
_ELSEWHERE = Text(
    "这一项在另一个窗口改成了“{value}”；要以这里填的为准，请再保存一次",
    "this was changed to “{value}” in another window meanwhile; to keep what stands here, save once"
    " more",
)
_NOT_STATED = Text("没有填写", "not stated")


def changes_language(form: Form) -> bool:
    """Whether a form is sent to be shown in the other language, as far as it is filled in: nothing
    of it is kept yet, and nothing is wrong with it yet."""
    return form.get("do") == "language"


@dataclass
class FormResult:
    """What a form said: faults by field, candidates by field, the facts that were answered
    elsewhere since its page was made, and the form to show again."""

    form: Form
    faults: dict[str, Text] = field(default_factory=dict)
    candidates: dict[str, list[str]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)


def apply_form(
    site: PageContext, case: Case, facts: tuple[Fact, ...], form: Form, ref: str | None = None
) -> FormResult:
    """State in the case what a form says of these facts. With faults, the case must be dropped."""
    reading = FormResult(form)
    for fact in facts:
        known = case.raw(fact, ref)
        try:
            value = read_value(fact, site.vocabulary, form, known)
            was, rough = form.get(f"{fact.id}~was"), is_rough(fact, site.vocabulary, form)
            if was == digest_of(value) and value != known:
                # What stands as the page showed it was not answered here: another tab has.
                value, rough = known, None
            elif was and was != digest_of(known) and value != known:
                reading.changed.add(fact.id)
                reading.faults[fact.id] = _ELSEWHERE.format(value=_words_of(site, case, fact, ref))
            case.put(fact, value, ref, rough=rough)
        except UnreadableInput as unclear:
            reading.faults[fact.id] = unclear.words
            reading.candidates[fact.id] = unclear.candidates
    _judge(site, case, facts, ref, reading)
    return reading


def _words_of(site: PageContext, case: Case, fact: Fact, ref: str | None) -> Text:
    """What a case says of a fact."""
    known = case.raw(fact, ref)
    if known is None:
        return _NOT_STATED
    alone: dict[str, Any] = {"company": {fact.name: known}}
    if ref is not None:
        project = {**(case.project(ref) or {}), fact.name: known}
        alone = {"projects": [{key: project[key] for key in ("ref", "kind", fact.name)}]}
    profile = site.compiled.reader.read_profile(alone, "")
    return stated_text(profile.facts_of(ref)[fact.id], fact, site.vocabulary)


def digest_of(value: Any) -> str:
    """A few characters that tell an answer from others, however its choices are ordered."""
    parts = (
        sorted(map(canonical_json, value)) if isinstance(value, list) else [canonical_json(value)]
    )
    return hashlib.sha256(b"|".join(parts)).hexdigest()[:_DIGEST_LENGTH]


def _judge(
    site: PageContext, case: Case, facts: tuple[Fact, ...], ref: str | None, reading: FormResult
) -> None:
    """Have the profile's reader look at it, and put its problems to the fields."""
    try:
        site.compiled.reader.read(case.profile(), "")
    except InvalidInput as error:
        position = next((i for i, p in enumerate(case.projects) if p["ref"] == ref), 0)
        around = "/company" if ref is None else f"/projects/{position}"
        for problem in error.problems:
            for fact in facts:
                place = f"{around}/{fact.name}"
                if problem.pointer == place or problem.pointer.startswith(place + "/"):
                    reading.faults.setdefault(fact.id, problem.message)
