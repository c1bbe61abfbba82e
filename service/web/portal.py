"""For whoever builds a portal: how to integrate, a console to try the API, the frame to embed."""

import json

from flask import Blueprint, render_template

from service.domain.rules.catalogue import Catalogue
from service.usecases.reference.example_request import example_request
from service.web.ports import PageContext
from service.web.security import Tokens, own_address


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """The integrator's page."""
    del tokens

    @pages.get("/portal")
    def portal() -> str:
        return render_template(
            "portal.html",
            origin=own_address(""),
            embedders=site.frame_ancestors,
            example=json.dumps(example_request(site.compiled), ensure_ascii=False),
            parts=json.dumps(_parts(site.catalogue)),
        )


def _parts(catalogue: Catalogue) -> dict[str, str]:
    """What stands for the parts of an address: one programme, its document and clause, one list."""
    lists = {"list_id": next(iter(catalogue.vocabulary.lists), "")}
    official = next((p for p in catalogue.programmes if p not in catalogue.reported), None)
    if official is None:
        return lists
    programme = catalogue.programmes[official]
    return {
        "programme_id": programme.id,
        "measure_id": programme.measure,
        "article": str(programme.article),
        **lists,
    }
