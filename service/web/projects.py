"""The projects of a case: which kinds there are, and each of them one by one."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, abort, render_template, request

from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import PROJECT_KIND, PROJECTS_ABSENT
from service.web.cases import Case, load_case, save_case, skip_key, skip_question
from service.web.check import PageAnswer, redirect_to
from service.web.fields import fields_for
from service.web.forms import NONE, FormResult, apply
from service.web.ports import PageContext
from service.web.questions import Step, project_facts, steps
from service.web.security import Tokens

_HAVE = "have"


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """The list of kinds, and the page of one project."""
    views = ProjectViews(site, tokens)
    pages.get("/cases/<key>/projects")(views.projects)
    pages.post("/cases/<key>/projects")(views.save_projects)
    pages.get("/cases/<key>/projects/<ref>")(views.project)
    pages.post("/cases/<key>/projects/<ref>")(views.save_project)


@dataclass(frozen=True)
class ProjectViews:
    """The views; each answers one address."""

    site: PageContext
    tokens: Tokens

    @cached_property
    def basics(self) -> tuple[Step, ...]:
        return steps(self.site.catalogue)

    @cached_property
    def kinds(self) -> CodeList:
        return self.site.vocabulary.lists[str(self.site.vocabulary.facts[PROJECT_KIND].list)]

    def projects(self, key: str) -> PageAnswer:
        case = load_case(self.site, key)
        return render_template(
            "projects.html",
            case=case,
            kinds=self._rows(case),
            steps=self.basics,
            step=self.basics[-1],
            token=self.tokens.make(key),
        )

    def save_projects(self, key: str) -> PageAnswer:
        """A new project for each kind that is said to be there; what is said to be absent."""
        self.tokens.require(key)
        case = load_case(self.site, key)
        taken = {p["kind"] for p in case.projects}
        said = {k: request.form.get(f"kind~{k}") for k in self.kinds.codes if k not in taken}
        for kind in (k for k, word in said.items() if word == _HAVE):
            case.projects.append({"ref": case.new_ref(), "kind": kind})
        absent = [kind for kind, word in said.items() if word == NONE]
        case.company.pop("projects_absent", None)
        if absent:
            case.put(self.site.vocabulary.facts[PROJECTS_ABSENT], absent)
        if PROJECT_KIND not in case.skipped:
            case.skipped.append(PROJECT_KIND)
        save_case(self.site, case)
        return self._go_on(case)

    def project(self, key: str, ref: str) -> PageAnswer:
        return self._page(load_case(self.site, key), ref)

    def save_project(self, key: str, ref: str) -> PageAnswer:
        self.tokens.require(key)
        case = load_case(self.site, key)
        found = case.project(ref) or abort(404)
        do = request.form.get("do")
        if do == "delete":
            case.projects.remove(found)
            save_case(self.site, case)
            return redirect_to("projects", key)
        facts = project_facts(self.site.vocabulary, found["kind"])
        if do == "skip":
            skip_question(case, facts, ref)
        else:
            reading = apply(self.site, case, facts, request.form, ref)
            if reading.faults:
                return self._page(load_case(self.site, key), ref, reading), 422
        if do == "another":
            case.projects.append({"ref": case.new_ref(), "kind": found["kind"]})
        save_case(self.site, case)
        return self._go_on(case)

    def _page(self, case: Case, ref: str, reading: FormResult | None = None) -> str:
        found = case.project(ref) or abort(404)
        facts = project_facts(self.site.vocabulary, found["kind"])
        return render_template(
            "project.html",
            case=case,
            project=found,
            fields=fields_for(self.site, case, facts, ref, reading),
            steps=self.basics,
            token=self.tokens.make(case.id),
        )

    def _go_on(self, case: Case) -> PageAnswer:
        """To the first project of which nothing is known yet, or else to the next question."""
        for project in case.projects:
            if self._untouched(case, project):
                return redirect_to("project", case.id, ref=project["ref"])
        return redirect_to("next_question", case.id)

    def _untouched(self, case: Case, project: dict[str, Any]) -> bool:
        facts = project_facts(self.site.vocabulary, project["kind"])
        return not any(
            f.name in project or skip_key(f, project["ref"]) in case.skipped for f in facts
        )

    def _rows(self, case: Case) -> list[dict[str, Any]]:
        """Every kind that a programme supports: what there is, or what was said of it."""
        absent = case.company.get("projects_absent", ())
        supported = {p.supports for p in self.site.catalogue.programmes.values()}
        return [
            {
                "code": code,
                "label": entry.label,
                "projects": [p for p in case.projects if p["kind"] == code],
                "absent": code in absent,
            }
            for code, entry in self.kinds.codes.items()
            if code in supported
        ]
