"""The self-check: one small group of questions a page, every one of which may be put aside."""

from collections.abc import Mapping
from dataclasses import replace

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from service.domain.facts.profile import PROJECT_KIND, Profile, Provenance
from service.domain.facts.vocabulary import Fact
from service.domain.rules.programmes import Programme
from service.web.case_evaluation import evaluate_page
from service.web.cases import (
    Case,
    blank_key,
    change_case,
    finer_key,
    load_case,
    read_profile,
    skip_question,
)
from service.web.drafts import back_to_form, draft_of, redirect_to
from service.web.field_values import Form
from service.web.fields import Field, fields_for
from service.web.forms import FormResult, apply_form, changes_language
from service.web.ports import PageContext
from service.web.questions import LARGE, Step, questions_from, widget
from service.web.relevance import own_basics
from service.web.result_model import Result
from service.web.security import FIELD, OPENING, Tokens
from service.web.views import Views, get, post

PageAnswer = str | Response | tuple[str, int]
_MAX_QUESTIONS_A_PAGE = 3
# Where somebody may have come from to answer a question, and goes back to.
_BACK = ("case_result", "answers", "open_questions", "desk_case")
# What the form of the first questions holds beside them.
_SENT = (FIELD, "do", "programme")


def check_page(site: PageContext, tokens: Tokens, focus: Programme | None = None) -> str:
    """What the self-check is, and its beginning."""
    return render_template(
        "check.html",
        token=tokens.make(OPENING),
        focus=focus,
        fields=first_fields(site),
        steps=site.steps,
        days=site.cases.retention.days,
    )


def first_fields(site: PageContext) -> list[Field]:
    """The questions of the first page of the basics, before there is a case."""
    return fields_for(site, Case(""), site.steps[0].facts)


def after_basics(site: PageContext, case: Case) -> Response:
    """On to the answers, to be looked over before the result; first to what was passed over though
    hardly anything can be judged without it."""
    passed = any(case.raw(f) is None and f.id not in case.asked_facts for f in site.essential)
    return redirect_to("next_question" if passed else "answers", case.id)


class Check(Views):
    """The views; each answers one address."""

    @get("/check")
    def check(self) -> str:
        focus = self.site.catalogue.programmes.get(request.args.get("programme", ""))
        return check_page(self.site, self.tokens, focus)

    @post("/")
    def open_from_start(self) -> Response:
        """The start page sends its form here to go on in the other language."""
        return self.open_case()

    @post("/check")
    def open_case(self) -> Response:
        """Begin a case with what the first questions were answered with. What is only to stand in
        the other language begins one where there is something to keep."""
        form = self.tokens.require(OPENING)
        changes = changes_language(request.form)
        if changes and not _is_filled_in(request.form):
            return redirect(request.script_root + request.full_path.rstrip("?"), 303)
        self.site.openings.count(str(request.remote_addr), form)
        focus = request.form.get("programme", "")
        case = Case("", focus=focus if focus in self.site.catalogue.programmes else None)
        key = self.site.cases.create(case.content(), self.site.now())
        if changes:
            return back_to_form(self.site, "step", key, number=1)
        if any(f"{fact.id}~was" in request.form for fact in self.site.steps[0].facts):
            return self._save_basics(key, 1)
        return redirect_to("step", key, number=1)

    @get("/cases/<key>/steps/<int:number>")
    def step(self, key: str, number: int) -> PageAnswer:
        step = self._step(number)
        if step.projects:
            return redirect_to("projects", key)
        case = load_case(self.site, key)
        step = self._steps(case)[number - 1]
        return self._step_page(case, step, self._draft(case, step.all_facts))

    @post("/cases/<key>/steps/<int:number>")
    def save_step(self, key: str, number: int) -> Response:
        self.tokens.require(key)
        step = self._step(number)
        if step.projects:
            return redirect_to("projects", key)
        if changes_language(request.form):
            return back_to_form(self.site, "step", key, number=number)
        return self._save_basics(key, number)

    def _save_basics(self, key: str, number: int) -> Response:
        """State what a page of the basics says, and go on to the next; a faulty one is shown
        again."""
        step = self._step(number)
        asked = self._steps(load_case(self.site, key))[number - 1].all_facts
        sent = tuple(f for f in asked if f in step.all_facts or f"{f.id}~was" in request.form)
        case, reading = self._state(key, sent, of_basics=True)
        if reading.faults:
            return back_to_form(self.site, "step", key, number=number)
        if number < len(self.site.steps):
            return redirect_to("step", key, number=number + 1)
        return after_basics(self.site, case)

    @get("/cases/<key>/next")
    def next_question(self, key: str) -> PageAnswer:
        """The questions that settle most; where none is left, the result."""
        case = load_case(self.site, key)
        result = evaluate_page(self.site, case)
        form = draft_of(case)
        if form is not None and (facts := self._facts_asked(form)):
            return self._question_page(case, facts, result, self._draft(case, facts))
        unsaid = tuple(f for f in result.to_ask.unsaid_essentials if f.id not in case.asked_facts)
        if unsaid:
            return self._question_page(case, unsaid, result)
        fresh = result.to_ask.fresh
        if not fresh:
            return redirect_to(_back(request.args) or "case_result", key)
        first = fresh[0]
        if first["fact"] == PROJECT_KIND:
            return redirect_to("projects", key)
        if first["subjects"]:
            refs = [r for r in first["subjects"] if f"{r}/{first['fact']}" not in case.asked_facts]
            return redirect_to("project", key, ref=refs[0])
        return self._question_page(case, self._group(result), result)

    @post("/cases/<key>/next")
    def save_next(self, key: str) -> Response:
        return self._save_questions(key, "next_question")

    def _save_questions(self, key: str, view: str, **values: str) -> Response:
        """Save the answers to the questions of a form, and go on to where it came from; a faulty
        one stands in this view."""
        self.tokens.require(key)
        if changes_language(request.form):
            return back_to_form(self.site, view, key, **values)
        _, reading = self._state(key, self._facts_asked(request.form))
        if reading.faults:
            return back_to_form(self.site, view, key, **values)
        return redirect_to(_back(request.form) or "next_question", key)

    @get("/cases/<key>/open")
    def open_questions(self, key: str) -> str:
        """What an answer could still change, whether it was put aside or not asked yet; where there
        is nothing, who settles the rest."""
        case = load_case(self.site, key)
        return render_template(
            "open.html",
            case=case,
            result=evaluate_page(self.site, case),
            kinds=PROJECT_KIND,
            steps=self.site.steps,
        )

    @get("/cases/<key>/facts/<name>")
    def fact(self, key: str, name: str) -> PageAnswer:
        """One fact to answer or change."""
        found = self.site.vocabulary.facts.get(f"company.{name}") or abort(404)
        case = load_case(self.site, key)
        return self._question_page(case, (found,), None, self._draft(case, (found,)))

    @post("/cases/<key>/facts/<name>")
    def save_fact(self, key: str, name: str) -> Response:
        """The answer to it; a faulty one stands under the same address as its question."""
        return self._save_questions(key, "fact", name=name)

    def _step(self, number: int) -> Step:
        steps = self.site.steps
        return steps[number - 1] if 0 < number <= len(steps) else abort(404)

    def _steps(self, case: Case) -> tuple[Step, ...]:
        """The pages of the basics; the last before the projects asks first what matters to this
        applicant's kind alone."""
        pages = list(self.site.steps)
        at = max((n for n, page in enumerate(pages) if not page.projects and n), default=None)
        if at is not None:
            pages[at] = replace(pages[at], facts=(*own_basics(self.site, case), *pages[at].facts))
        return tuple(pages)

    def _step_page(self, case: Case, step: Step, reading: FormResult | None) -> str:
        taken = _taken_to_be_no(read_profile(self.site, case))
        fields = fields_for(self.site, case, step.facts, None, reading)
        idle = {f.fact.id for f in fields if f.has_nothing_to_choose} - taken
        return render_template(
            "step.html",
            case=case,
            steps=self.site.steps,
            step=step,
            left=questions_from(self._steps(case), step.number, taken | idle),
            fields=[f for f in fields if f.fact.id not in taken | idle],
            idle=[f for f in fields if f.fact.id in idle],
            settled=[f for f in fields if f.fact.id in taken],
            naming=fields_for(self.site, case, step.naming, None, reading),
            token=self.tokens.make(case.id),
        )

    def _question_page(
        self,
        case: Case,
        facts: tuple[Fact, ...],
        result: Result | None,
        reading: FormResult | None = None,
    ) -> str:
        return render_template(
            "question.html",
            case=case,
            fields=fields_for(self.site, case, facts, None, reading),
            question_of={q["fact"]: q for q in result.to_ask.all} if result else {},
            result=result,
            back=_back(reading.form if reading else request.args),
            steps=self.site.steps,
            token=self.tokens.make(case.id),
        )

    def _state(
        self, key: str, facts: tuple[Fact, ...], *, of_basics: bool = False
    ) -> tuple[Case, FormResult]:
        """State what the form says, or put the facts aside; the case afterwards, unchanged where
        something is faulty."""
        reading = FormResult(request.form)

        def edit(case: Case) -> bool:
            nonlocal reading
            if not of_basics:
                stated = (finer_key(f.id) for f in facts if case.raw(f) is not None)
                case.asked_facts += [key for key in stated if key not in case.asked_facts]
            if request.form.get("do") == "skip":
                skip_question(case, facts, None)
                return True
            reading = apply_form(self.site, case, facts, request.form)
            if of_basics:
                _note_blanks(case, facts)
            return not reading.faults

        return change_case(self.site, key, edit), reading

    def _draft(self, case: Case, facts: tuple[Fact, ...]) -> FormResult | None:
        """The form that waits under the page's address, with what is wrong with it."""
        form = draft_of(case)
        if form is None or changes_language(form):
            return None if form is None else FormResult(form)
        return apply_form(self.site, load_case(self.site, case.id), facts, form)

    def _facts_asked(self, form: Form) -> tuple[Fact, ...]:
        """The company's facts that a form says it asks."""
        known = self.site.vocabulary.facts
        named = (known.get(fact_id) for fact_id in form.getlist("asked"))
        return tuple(f for f in named if f is not None and f in self.site.vocabulary.company)

    def _group(self, result: Result) -> tuple[Fact, ...]:
        """The next question, with the next small ones that go onto the same page."""
        vocabulary = self.site.vocabulary
        facts = [
            vocabulary.facts[q["fact"]]
            for q in result.to_ask.fresh
            if q["fact"].startswith("company.")
        ]
        first, *others = facts
        if widget(first, vocabulary) in LARGE:
            return (first,)
        small = [f for f in others if widget(f, vocabulary) not in LARGE]
        return (first, *small[: _MAX_QUESTIONS_A_PAGE - 1])


def _is_filled_in(form: Form) -> bool:
    """Whether anything is typed or chosen in it, beside what it is sent with in any case."""
    sent = form.items(multi=True)
    return any(value and name not in _SENT and not name.endswith("~was") for name, value in sent)


def _note_blanks(case: Case, facts: tuple[Fact, ...]) -> None:
    """What a page of the basics left blank was not put aside: it is asked once more, where an
    answer decides something."""
    blank = [f.id for f in facts if case.raw(f) is None]
    left = {*blank, *map(blank_key, blank)}
    case.asked_facts = [key for key in case.asked_facts if key not in left]
    case.asked_facts += map(blank_key, blank)


def _back(sent: Mapping[str, str]) -> str:
    """The page that somebody came from, where it is one to go back to."""
    named = sent.get("back", "")
    return named if named in _BACK else ""


def _taken_to_be_no(profile: Profile) -> frozenset[str]:
    """The facts that are no, or none, by what is stated of others: a university holds no
    certificate of small firms and need not be asked."""
    derived = [f for f, how in profile.provenance.items() if how is Provenance.DERIVED]
    values = {fact: profile.company.get(fact) for fact in derived}
    return frozenset(
        fact
        for fact, value in values.items()
        if value is False or (isinstance(value, frozenset | tuple) and not value)
    )
