"""The programme that docs/rule-language.md writes step by step, as a city that was not there."""

import json
import re
import shutil
from pathlib import Path

import pytest

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.settings import PROJECT
from service.usecases.authoring.examples import run_examples
from tests.contract.conftest import serving
from tests.docs.pages import blocks, read
from tests.own import own_compiled

PAGES = ("docs/rule-language.md", "docs/rule-language.zh-CN.md")


def block(page: str, first: str) -> str:
    """The one YAML block of a page that begins so."""
    (found,) = (b for b in blocks(read(page), "yaml") if b.startswith(first))
    return found


MEASURE = block(PAGES[0], "id: xx-2026-1")


def with_the_new_city(folder: Path, page: str = PAGES[0]) -> Path:
    """The project's policies and one folder more, holding a page's measure and programme as they
    stand."""
    policies = folder / "policies"
    shutil.copytree(PROJECT / "policies", policies)
    city = policies / "anywhere" / "xx"
    city.mkdir(parents=True)
    (city / "measure.yaml").write_text(block(page, "id: xx-2026-1"), encoding="utf-8")
    (city / "01-award.yaml").write_text(block(page, "id: xx-01-award"), encoding="utf-8")
    return policies


@pytest.mark.parametrize("page", PAGES)
def test_the_page_s_measure_and_programme_load_and_the_examples_hold(
    page: str, tmp_path: Path
) -> None:
    """As they are printed, in either language, they are valid, and four examples come out."""
    source = read_source(with_the_new_city(tmp_path, page), PROJECT / "seeds")
    run = run_examples(CompiledCatalogue(load_catalogue(source)))
    assert run.failures == ()
    before = run_examples(own_compiled())
    assert run.count == before.count + 4


def test_a_new_city_is_served_with_no_python_touched(tmp_path: Path) -> None:
    """A folder of YAML beside the others is listed, searched and matched over HTTP."""
    policies = with_the_new_city(tmp_path)
    company = {
        "kind": "enterprise",
        "registered_region": "360800",
        "employees": 300,
        "revenue": "1000000.00",
    }
    with serving(tmp_path, policies=policies, seeds=PROJECT / "seeds") as server:
        found = server.send("GET", "/api/v1/programmes?measure=xx-2026-1").json
        checked = server.post(
            "/api/v1/programmes/xx-01-award/check",
            json.dumps({"as_of": "2026-11-22", "profile": {"company": company}}).encode(),
        ).json
    assert [item["id"] for item in found["items"]] == ["xx-01-award"]
    assert (checked["status"], checked["ceiling"]["amount"]) == ("potential", "50000.00")


def test_a_private_folder_is_added_beside_ours(tmp_path: Path) -> None:
    """A bank's own programme, under its own namespace, answers next to the measures."""
    bank = tmp_path / "bank"
    bank.mkdir()
    (bank / "measure.yaml").write_text(
        MEASURE.replace("id: xx-2026-1", "id: bank.loans"), encoding="utf-8"
    )
    text = block(PAGES[0], "id: xx-01-award").replace("id: xx-01-award", "id: bank.award")
    (bank / "award.yaml").write_text(text, encoding="utf-8")
    with serving(tmp_path, policies=str(bank), seeds=PROJECT / "seeds") as server:
        one = server.send("GET", "/api/v1/programmes/bank.award")
        ours = server.send("GET", "/api/v1/programmes/sh-08-first-set")
    assert (one.status, ours.status) == (200, 200)


def test_the_chinese_page_quotes_words_of_the_english_one_only() -> None:
    """Each word of the language that the Chinese page quotes stands on the English one."""
    english, chinese = (read(page) for page in PAGES)
    quoted = set(re.findall(r"`([a-z_]{3,})`", chinese))
    assert quoted - set(re.findall("[a-z_]{3,}", english)) == set()
    assert len(quoted) > 120
