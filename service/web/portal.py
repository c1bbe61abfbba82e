"""For whoever builds a portal: how to integrate, a console to try the API, the frame to embed."""

from flask import Blueprint, render_template, request

from service.web.ports import PageContext
from service.web.security import Tokens


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """The integrator's page."""
    del tokens

    @pages.get("/portal")
    def portal() -> str:
        return render_template(
            "portal.html", origin=request.host_url.rstrip("/"), embedders=site.frame_ancestors
        )
