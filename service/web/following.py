"""At the desk: what the institution follows, and what has changed for it."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from service.domain.principal import Scope
from service.rendering.event_words import event_lines, title
from service.rendering.json_parts import Json
from service.storage.accounts import Session
from service.storage.subscriptions import SubscriptionKind
from service.usecases.following.subscriptions import MAX_PAGE, USUAL_PAGE, event_json
from service.web.sessions import desk_page, process_form, require, require_form, trace
from service.web.views import Views, get, post

_MAX_LINES = 6


class FollowingViews(Views):
    """What an institution follows."""

    in_frames = False

    @get("/desk/following")
    def following(self) -> str:
        """What is followed; a programme's page and a client's lead here with a form filled in."""
        asked = request.args
        session = require(self.site, Scope.SUBSCRIPTIONS)
        return self._page(session, asked.get("kind", "")[:20], asked.get("target", "")[:200])

    @post("/desk/following")
    def follow(self) -> Response:
        session = require_form(self.site, self.tokens, Scope.SUBSCRIPTIONS)
        kind, target = request.form.get("kind", ""), request.form.get("target", "")
        wanted = {"kind": kind, "target": target}
        return process_form(
            lambda: self.site.subscriptions.create(session.account.principal, wanted, trace()),
            lambda _: redirect(url_for(".following"), 303),
            lambda fault: self._page(session, kind, target[:200], fault),
            lambda _: 409,
        )

    @post("/desk/following/<subscription>/end")
    def follow_no_longer(self, subscription: str) -> Response:
        session = require_form(self.site, self.tokens, Scope.SUBSCRIPTIONS)
        self.site.subscriptions.delete(session.account.principal, subscription, trace())
        return redirect(url_for(".following"), 303)

    def _page(self, session: Session, kind: str, target: str, fault: str = "") -> str:
        who = session.account.principal
        followed = self.site.subscriptions.page(who, "", MAX_PAGE)
        latest = self.site.subscriptions.latest(who, USUAL_PAGE)
        return desk_page(
            "following.html",
            session,
            self.tokens,
            followed=followed["items"],
            more=followed["next_cursor"] is not None,
            events=[_shown_event(event_json(e)) for e in latest],
            kinds=[k.value for k in SubscriptionKind],
            kind=kind,
            target=target,
            fault=fault,
        )


def _shown_event(event: Json) -> Json:
    """An event as the page lists it: when, its title, its first lines and how many follow."""
    lines = list(event_lines(event["data"]))
    return {
        "at": event["timestamp"],
        "title": title(event["type"], event["data"]),
        "lines": lines[:_MAX_LINES],
        "further": lines[_MAX_LINES:],
    }
