"""The programme that docs/rule-language.md writes step by step, as a city that was not there."""

import json
import shutil
from pathlib import Path

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.settings import PROJECT
from service.usecases.authoring.examples import run_examples
from tests.contract.conftest import serving
from tests.docs.pages import blocks, read

MEASURE = """\
id: xx-2026-1
number: 试府发〔2026〕1号
title: {zh: 出口奖励办法, en: Export awards}
issuers: [{zh: 试验市政府, en: The city's government}]
issued_on: 2026-01-05
reviewed_on: 2026-11-22
window: {from: 2026-02-01, to: 2028-01-31}
jurisdiction: "360800"
evidence: official
source: made up
decided_by: {zh: 市商务局, en: the city's commerce bureau}
departments: [{zh: 市商务局, en: Commerce bureau}]
definitions:
  in_city: {fact: company.registered_region, within: "360800", basis: implied}
articles:
  - number: 1
    title: {zh: 首次出口奖励, en: First export}
    gist: {zh: 奖励首次出口的企业。, en: Awards firms that export for the first time.}
    digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
    numbers: []
"""


def with_the_new_city(folder: Path) -> Path:
    """The project's policies and one folder more, holding the page's programme as it stands."""
    policies = folder / "policies"
    shutil.copytree(PROJECT / "policies", policies)
    city = policies / "anywhere" / "xx"
    city.mkdir(parents=True)
    (city / "measure.yaml").write_text(MEASURE, encoding="utf-8")
    (programme,) = (
        b for b in blocks(read("docs/rule-language.md"), "yaml") if b.startswith("id: xx-01-award")
    )
    (city / "01-award.yaml").write_text(programme, encoding="utf-8")
    return policies


def test_the_page_s_programme_loads_and_its_examples_hold(tmp_path: Path) -> None:
    """As it is printed, it is a valid programme, and its four examples come out."""
    source = read_source(with_the_new_city(tmp_path), PROJECT / "seeds")
    run = run_examples(CompiledCatalogue(load_catalogue(source)))
    assert run.failures == ()
    before = run_examples(
        CompiledCatalogue(load_catalogue(read_source(PROJECT / "policies", PROJECT / "seeds")))
    )
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
    (programme,) = (
        b for b in blocks(read("docs/rule-language.md"), "yaml") if b.startswith("id: xx-01-award")
    )
    text = programme.replace("id: xx-01-award", "id: bank.award")
    (bank / "award.yaml").write_text(text, encoding="utf-8")
    with serving(tmp_path, policies=str(bank), seeds=PROJECT / "seeds") as server:
        one = server.send("GET", "/api/v1/programmes/bank.award")
        ours = server.send("GET", "/api/v1/programmes/sh-08-first-set")
    assert (one.status, ours.status) == (200, 200)
