"""Views of the pages as methods of a class, each with the address it answers above it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from flask import Blueprint

from service.web.ports import PageContext
from service.web.security import Tokens

Method = TypeVar("Method", bound=Callable[..., Any])


def get(rule: str) -> Callable[[Method], Method]:
    """Mark a method as the view that answers GET at an address."""
    return _answering("GET", rule)


def post(rule: str) -> Callable[[Method], Method]:
    """Marks a method as the view that takes the form sent to an address (POST)."""
    return _answering("POST", rule)


def _answering(verb: str, rule: str) -> Callable[[Method], Method]:
    def mark(method: Method) -> Method:
        method.answers = verb, rule  # type: ignore[attr-defined]
        return method

    return mark


@dataclass(frozen=True)
class Views:
    """Views over the service; `in_frames`: whether another site may show them in its frame."""

    site: PageContext
    tokens: Tokens
    in_frames: ClassVar[bool] = True

    @classmethod
    def add_views(cls, pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
        """Register the views on the pages of a face, if it may show them."""
        if cls.in_frames or not pages.name.startswith("embed"):
            cls(site, tokens).add_to(pages)

    def add_to(self, pages: Blueprint) -> None:
        """Register every method that is marked, under its own name."""
        for name in dir(type(self)):
            marked = getattr(getattr(type(self), name), "answers", None)
            if marked:
                verb, rule = marked
                pages.add_url_rule(rule, name, getattr(self, name), methods=[verb])
