"""Pieces of pages that are asked for while somebody types. Without JavaScript nothing is missed:
the page that takes the form says the same."""

from itertools import zip_longest

from flask import Blueprint, abort, render_template, request
from werkzeug.datastructures import MultiDict

from service.domain.errors import InvalidInput
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.text import Text
from service.usecases.reference.code_search import (
    MAX_CODES,
    find_codes,
    names_listed,
    resolve_code,
)
from service.web.field_values import UnreadableInput, form_within, read_value, written
from service.web.fields import picks
from service.web.formatting import money
from service.web.ports import PageContext
from service.web.questions import Widget, widget
from service.web.security import Tokens

_MAX_LENGTH = 60


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """Codes that words may mean; what is wrong with an identifier."""
    vocabulary = site.vocabulary

    @pages.get("/options/<fact_id>")
    def options(fact_id: str) -> str:
        fact = vocabulary.facts.get(fact_id) or abort(404)
        codes = vocabulary.codes_of(fact) or abort(404)
        within = request.args.get("within", "")
        form = form_within(request.args, within)
        asked = form.get(f"{fact_id}~q", "")[:_MAX_LENGTH]
        several = widget(fact, vocabulary) is Widget.PICK_SEVERAL
        chosen = [v for v in form.getlist(fact_id) if v in codes]
        if asked and not several:  # what is typed is what will be saved
            code, _ = resolve_code(codes, asked)
            chosen = [code] if code else []
        covered = site.compiled.catalogue.jurisdictions if codes is vocabulary.regions else ()
        names = names_listed(codes, asked) if several else [asked]
        lists = [find_codes(codes, name, None, preferred=covered) for name in names]
        found = [code for alike in zip_longest(*lists) for code in alike if code]
        listed = dict.fromkeys([*chosen, *found[:MAX_CODES]])
        return render_template(
            "options.html",
            name=f"{within}{fact_id}",
            several=several,
            options=picks(codes, listed, chosen),
            typed=asked,
            more=max(len(found) - MAX_CODES, 0),
        )

    @pages.post("/cases/<key>/try/<fact_id>")
    def try_value(key: str, fact_id: str) -> str:
        tokens.require(key)
        fact = vocabulary.facts.get(fact_id) or abort(404)
        within = request.args.get("within", "")
        value = written(request.form, f"{within}{fact_id}")
        fault, read_as = _tried(site, fact, value)
        return render_template("tried.html", value=value, fault=fault, read_as=read_as)


def _tried(site: PageContext, fact: Fact, value: str) -> tuple[Text | None, str]:
    """What is wrong with what was typed, or how it was read; neither where nothing was."""
    if not value:
        return None, ""
    try:
        read = read_value(fact, site.vocabulary, MultiDict([(fact.id, value)]), None)
        if fact.type is FactType.IDENTIFIER:
            site.compiled.reader.read({"company": {fact.name: read}}, "")
    except UnreadableInput as error:
        return error.words, ""
    except InvalidInput as error:
        return error.problems[0].message, ""
    return None, money(read, site.vocabulary) if fact.type is FactType.MONEY else ""
