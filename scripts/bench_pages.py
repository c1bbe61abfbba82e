"""How long the server takes for the result page of a sample company, and how much it sends.

usage: python -m scripts.bench_pages
"""

import gzip
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from service.api.factory import create_app
from service.app import open_services
from service.faces import api_context, page_context
from service.intake.documents import read_document
from service.settings import read_settings
from service.web.cases import Case
from service.web.site import register_pages

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 40


def main() -> None:
    """Median and slowest of forty requests, in milliseconds of wall time, in one process."""
    profile = read_document(ROOT / "seeds" / "companies" / "pudong-robotics.yaml")
    assert isinstance(profile, dict)
    with tempfile.TemporaryDirectory() as folder:
        huice = open_services(replace(read_settings(), database=Path(folder) / "huice.sqlite3"))
        site = page_context(huice)
        application = create_app(api_context(huice))
        register_pages(application, site)
        content = Case("", profile["company"], profile["projects"]).content()
        case = site.cases.create(content, site.now())
        client, times, page = application.test_client(), [], b""
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            answer = client.get(f"/cases/{case}/result")
            times.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, answer.status_code
            page = answer.data
        sent = len(gzip.compress(page)) / 1000
        print(f"{len(huice.compiled.catalogue.programmes)} programmes")
        print(f"median {median(times):.1f} ms, slowest {max(times):.1f} ms")
        print(f"page {len(page) / 1000:.0f} kB, gzipped {sent:.0f} kB")
        huice.close()


if __name__ == "__main__":
    main()
