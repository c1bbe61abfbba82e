"""The projects of a case: which kinds there are, and each of them one by one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from service.domain.facts.profile import PROJECT_KIND, PROJECTS_ABSENT
from service.domain.facts.vocabulary import Fact
from service.domain.text import Text
from service.intake.schema import MAX_PROJECTS
from service.web.cases import Case, change_case, load_case, skip_key, skip_question
from service.web.check import PageAnswer, after_basics
from service.web.drafts import back_to_form, draft_of, redirect_to
from service.web.field_values import NONE, Form, form_within
from service.web.fields import Field, fields_for
from service.web.forms import FormResult, apply_form, changes_language
from service.web.questions import project_facts, supported_kinds
from service.web.relevance import relevant_facts, relevant_kinds
from service.web.views import Views, get, post

_HAVE = "have"
_FULL = Text(
    "一份档案最多 {most} 个项目，请先删去不需要的",
    "a case holds at most {most} projects; delete one first",
).format(most=str(MAX_PROJECTS))


class ProjectViews(Views):
    """The views; each answers one address."""

    @property
    def kinds(self) -> dict[str, Text]:
        """The kinds to ask for; the page is not there under a vocabulary without any."""
        return supported_kinds(self.site.catalogue) or abort(404)

    @get("/cases/<key>/projects")
    def projects(self, key: str) -> PageAnswer:
        case = load_case(self.site, key)
        form = draft_of(case)
        if form is None or changes_language(form):
            return self._kinds_page(case, form)
        tried = load_case(self.site, key)  # stated in it to find what is wrong, and dropped
        return self._kinds_page(case, form, dict(self._note(tried, self.kinds, form)))

    def _kinds_page(
        self, case: Case, form: Form | None, readings: Mapping[str, FormResult] | None = None
    ) -> str:
        kinds = self._rows(case, form, readings or {})
        return render_template(
            "projects.html",
            case=case,
            kinds=kinds,
            fields=[field for kind in kinds for field in kind["fields"]],
            unlikely=[k for k in kinds if not (k["relevant"] or k["projects"] or k["said"])],
            steps=self.site.steps,
            step=self.site.steps[-1],
            token=self.tokens.make(case.id),
        )

    @post("/cases/<key>/projects")
    def save_projects(self, key: str) -> Response:
        """A new project for each kind that is said to be there, with what is said of it; what is
        said to be absent."""
        self.tokens.require(key)
        if changes_language(request.form):
            return back_to_form(self.site, "projects", key)
        kinds, is_faulty = self.kinds, False

        def edit(case: Case) -> bool:
            nonlocal is_faulty
            stated = list(self._note(case, kinds, request.form))
            is_faulty = any(reading.faults for _, reading in stated)
            return not is_faulty

        case = change_case(self.site, key, edit)
        return back_to_form(self.site, "projects", key) if is_faulty else self._go_on(case)

    def _note(
        self, case: Case, kinds: Iterable[str], form: Form
    ) -> Iterator[tuple[str, FormResult]]:
        """State in a case what the form says of the kinds; how each new project was read."""
        taken = {p["kind"] for p in case.projects}
        # What nothing is said of is unknown, unless the button says that there is no more.
        unsaid = NONE if form.get("do") == "none" else ""
        said = {k: _said_now(case, k, form) or unsaid for k in kinds if k not in taken}
        for kind in (k for k, word in said.items() if word == _HAVE):
            if not case.is_full:
                yield kind, self._add(case, kind, form)
        absent = [kind for kind, word in said.items() if word == NONE]
        case.company.pop("projects_absent", None)
        fact = self.site.vocabulary.facts.get(PROJECTS_ABSENT)
        if absent and fact:
            case.put(fact, absent)
        if PROJECT_KIND not in case.asked_facts:
            case.asked_facts.append(PROJECT_KIND)

    def _add(self, case: Case, kind: str, sent: Form) -> FormResult:
        """A new project, with the answers that stand below its kind."""
        form, ref = form_within(sent, _within(kind)), case.new_ref()
        case.projects.append({"ref": ref, "kind": kind})
        facts = project_facts(self.site.vocabulary, kind)
        asked = tuple(f for f in facts if f"{f.id}~was" in form)
        return apply_form(self.site, case, asked, form, ref)

    @get("/cases/<key>/projects/<ref>")
    def project(self, key: str, ref: str) -> PageAnswer:
        case = load_case(self.site, key)
        form = draft_of(case)
        if form is None or changes_language(form):
            return self._page(case, ref, None if form is None else FormResult(form))
        tried = load_case(self.site, key)  # stated in it to find what is wrong, and dropped
        return self._page(case, ref, self._state(tried, ref, form))

    @post("/cases/<key>/projects/<ref>")
    def save_project(self, key: str, ref: str) -> Response:
        self.tokens.require(key)
        reading = FormResult(request.form)
        if changes_language(request.form):
            return back_to_form(self.site, "project", key, ref=ref)

        def edit(case: Case) -> bool:
            nonlocal reading
            reading = self._state(case, ref, request.form)
            return not reading.faults

        case = change_case(self.site, key, edit)
        if reading.faults:
            return back_to_form(self.site, "project", key, ref=ref)
        if request.form.get("do") == "delete":
            return redirect_to("projects", key)
        return self._go_on(case)

    def _state(self, case: Case, ref: str, form: Form) -> FormResult:
        """Do with a project what the form says."""
        project, do = case.project(ref) or abort(404), form.get("do")
        reading = FormResult(form)
        if do == "delete":
            case.projects.remove(project)
            return reading
        facts = project_facts(self.site.vocabulary, project["kind"])
        if do == "skip":
            skip_question(case, facts, ref)
            return reading
        reading = apply_form(self.site, case, facts, form, ref)
        if do == "another":
            if case.is_full:
                reading.faults[PROJECT_KIND] = _FULL
            else:
                case.projects.append({"ref": case.new_ref(), "kind": project["kind"]})
        return reading

    def _page(self, case: Case, ref: str, reading: FormResult | None = None) -> str:
        project = case.project(ref) or abort(404)
        facts = project_facts(self.site.vocabulary, project["kind"])
        first = relevant_facts(self.site, case, (project["kind"],))[project["kind"]]
        fields = fields_for(self.site, case, facts, ref, reading)
        return render_template(
            "project.html",
            case=case,
            project=project,
            fields=fields,
            further=[f for f in fields if f.fact not in first and not (f.fault or f.is_answered)],
            left=self._questions_left(case, project),
            full=reading.faults.get(PROJECT_KIND) if reading else None,
            steps=self.site.steps,
            token=self.tokens.make(case.id),
        )

    def _questions_left(self, case: Case, project: dict[str, Any]) -> int:
        """How many questions a project and those of which nothing is known yet ask first."""
        left = [project, *(p for p in self._all_untouched(case) if p is not project)]
        each = relevant_facts(self.site, case, (p["kind"] for p in left))
        return sum(len(each[p["kind"]]) for p in left)

    def _go_on(self, case: Case) -> Response:
        """To the first project of which nothing is known yet and anything matters, or else on from
        the basics."""
        left = list(self._all_untouched(case))
        facts = relevant_facts(self.site, case, (p["kind"] for p in left))
        for project in left:
            if facts[project["kind"]]:
                return redirect_to("project", case.id, ref=project["ref"])
        return after_basics(self.site, case)

    def _all_untouched(self, case: Case) -> Iterator[dict[str, Any]]:
        return (p for p in case.projects if self._untouched(case, p))

    def _untouched(self, case: Case, project: dict[str, Any]) -> bool:
        facts = project_facts(self.site.vocabulary, project["kind"])
        return not any(
            f.name in project or skip_key(f, project["ref"]) in case.asked_facts for f in facts
        )

    def _rows(
        self, case: Case, form: Form | None, readings: Mapping[str, FormResult]
    ) -> list[dict[str, Any]]:
        """Every kind that a programme supports: what there is, or what was said of it; `was` is
        what the case says, whatever stands in the form; `relevant` whether it can matter here;
        `fields` what to answer of a project of a kind of which there is none yet."""
        kinds, relevant = self.kinds, relevant_kinds(self.site, case)
        new = relevant - {p["kind"] for p in case.projects}
        facts = relevant_facts(self.site, case, (k for k in kinds if k in new))
        vocabulary = self.site.vocabulary
        listed = vocabulary.codes_of(vocabulary.facts[PROJECT_KIND])
        return [
            {
                "code": code,
                "label": label,
                "help": listed.codes[code].help if listed else None,
                "projects": [p for p in case.projects if p["kind"] == code],
                "relevant": code in relevant,
                "fields": self._fields_below(case, code, facts.get(code, ()), form, readings),
                "was": (was := _said_of(case, code)),
                "said": was if form is None else form.get(f"kind~{code}", ""),
            }
            for code, label in kinds.items()
        ]

    def _fields_below(
        self,
        case: Case,
        kind: str,
        facts: tuple[Fact, ...],
        form: Form | None,
        readings: Mapping[str, FormResult],
    ) -> list[Field]:
        """The questions below a kind, as they were sent."""
        reading = readings.get(kind)
        if form is not None and reading is None:
            reading = FormResult(form_within(form, _within(kind)))
        return fields_for(self.site, case, facts, case.new_ref(), reading, _within(kind))


def _within(kind: str) -> str:
    """What stands before the names of the answers to a new project of a kind."""
    return f"new.{kind}."


def _said_now(case: Case, kind: str, form: Form) -> str:
    """What the form says of a kind; where it was left as it was, what the case says by now."""
    said = form.get(f"kind~{kind}", "")
    return _said_of(case, kind) if said == form.get(f"kind~{kind}~was") else said


def _said_of(case: Case, kind: str) -> str:
    """What a form says of a kind of which there is no project: that there is none, or nothing."""
    return NONE if kind in case.company.get("projects_absent", ()) else ""
