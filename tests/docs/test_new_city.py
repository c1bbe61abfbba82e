"""The programme that docs/rule-language.md writes step by step, as a city that was not there."""

import json
import os
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

PAGES = ("docs/rule-language.md", "docs/rule-language.zh-CN.md")


def block(page: str, *first: str) -> str:
    """The one YAML block of a page that begins so, in one language or the other."""
    (found,) = (b for b in blocks(read(page), "yaml") if b.startswith(first))
    return found


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
    compiled = CompiledCatalogue(load_catalogue(source))
    run = run_examples(compiled, [compiled.catalogue.programmes["xx-01-award"]])
    assert (run.failures, run.count) == ((), 4)


def with_a_bank(folder: Path) -> Path:
    """A private folder: the same pages under the bank's own namespace."""
    bank = folder / "bank"
    bank.mkdir()
    for name, first, old, new in (
        ("measure.yaml", "id: xx-2026-1", "xx-2026-1", "bank.loans"),
        ("award.yaml", "id: xx-01-award", "xx-01-award", "bank.award"),
    ):
        text = block(PAGES[0], first).replace(f"id: {old}", f"id: {new}")
        text = text.replace("programme: xx-01-award", "programme: bank.award")
        (bank / name).write_text(text, encoding="utf-8")
    return bank


def test_a_new_city_and_a_private_folder_are_served_with_no_python_touched(tmp_path: Path) -> None:
    """A folder of YAML beside the others is listed, searched and matched over HTTP, and a bank's
    own programme answers next to them."""
    policies = f"{with_the_new_city(tmp_path)}{os.pathsep}{with_a_bank(tmp_path)}"
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
        answers = [
            server.send("GET", f"/api/v1/programmes/{programme}").status
            for programme in ("bank.award", "sh-08-first-set")
        ]
    assert [item["id"] for item in found["items"]] == ["xx-01-award"]
    assert (checked["status"], checked["ceiling"]["amount"]) == ("potential", "50000.00")
    assert answers == [200, 200]


def test_the_chinese_page_quotes_words_of_the_english_one_only() -> None:
    """Each word of the language that the Chinese page quotes stands on the English one."""
    english, chinese = (read(page) for page in PAGES)
    quoted = set(re.findall(r"`([a-z_]{3,})`", chinese))
    assert quoted - set(re.findall("[a-z_]{3,}", english)) == set()
    assert len(quoted) > 120
