"""Programmes that a reader has picked: side by side, or kept for later.

Which are picked stands in the address, so a plain link hands them on. What somebody keeps, the
browser remembers (pages.js); the service does not.
"""

from flask import Blueprint, render_template, request

from service.domain.rules.list_names import names_told_apart
from service.domain.rules.programmes import Programme
from service.rendering.catalogue_json import programme_json
from service.rendering.next_steps import next_step
from service.web.ports import PageContext
from service.web.security import Tokens, own_address

MAX_COMPARED = 3
MAX_KEPT = 100


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """The comparison, and the list of what is kept."""
    del tokens

    @pages.get("/programmes/compare")
    def compare_programmes() -> str:
        picked = _picked(site, MAX_KEPT)
        compared, compiled = picked[:MAX_COMPARED], site.compiled
        shown = [programme_json(compiled.catalogue, compiled.answers, p) for p in compared]
        numbers = {m.id: m.number for m in site.catalogue.measures.values()}
        steps = [next_step(site.catalogue, p, site.today()) for p in compared]
        return render_template(
            "compare_programmes.html",
            programmes=shown,
            names=names_told_apart(compared, numbers, site.vocabulary.regions),
            steps=steps,
            left_out=picked[MAX_COMPARED:],
        )

    @pages.get("/kept")
    def kept_programmes() -> str:
        kept = _picked(site, MAX_KEPT)
        return render_template(
            "kept.html",
            programmes=kept,
            today=site.today(),
            address=own_address(request.full_path.rstrip("?")) if kept else "",
        )


def _picked(site: PageContext, most: int) -> list[Programme]:
    """The programmes in the address, each once; unknown ones are left out."""
    known = site.catalogue.programmes
    named = dict.fromkeys(request.args.getlist("p"))
    return [known[p] for p in named if p in known][:most]
