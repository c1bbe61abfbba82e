"""Somebody with an account at the desk, and one client."""

import hashlib
import re
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page

from service.domain.principal import Role, operator_of
from service.rendering.canonical_json import canonical_json
from service.storage.accounts import AccountRepository
from service.storage.audit import Deed
from service.storage.companies import CompanyRepository
from service.storage.store import Store
from service.usecases.tenancy.passwords import Passwords
from tests.batches import answer_batch
from tests.own import open_own

# Addresses that take a form of a session only.
OF_SESSION = re.compile(
    r"/desk/(clients|batches|logout|password|accounts|following|cases/<key>/keep)"
)
CLIENT = {
    "profile": {
        "company": {"name": "示例灵巧机器人（上海）有限公司", "kind": "enterprise",
                    "registered_region": "310115", "industry": "C39", "employees": 120},
        "projects": [{"ref": "p1", "kind": "first_of_kind_product",
                      "contract_amount": "60000000.00"}],
        "provenance": {"company.registered_region": "verified"},
    },
    "tags": ["重点"],
    "evidence": {"company.registered_region": {"document": "营业执照", "on": "2026-03-01"}},
}  # fmt: skip

# A table of which something is asked before it is answered, and one of which nothing is.
DOUBTFUL = "企业名称,成立日期,营业收入,备注\n甲公司,2021-03-01,5200,x\n乙公司,看执照,80,y\n"
PLAIN = "企业名称,类型,注册地,成立日期\n甲公司,企业,上海市浦东新区,2021-03-01\n乙公司,企业,某地,x\n"


@dataclass(frozen=True)
class Officer:
    """How to log in, and the code of the client."""

    name: str = "chen"
    password: str = "correct horse battery"
    client: str = "91310000MA1FL2AB6U"

    def log_in(self, page: Page, address: str) -> None:
        page.goto(f"{address}/desk/login")
        page.fill("#name", self.name)
        page.fill("#password", self.password)
        with page.expect_navigation():
            page.click("main .btn")

    def send_table(self, page: Page, address: str, table: str = DOUBTFUL) -> str:
        """The id of a batch that waits to be looked over."""
        page.goto(f"{address}/desk/batches")
        page.set_input_files(
            "#file", {"name": "客户.csv", "mimeType": "text/csv", "buffer": table.encode()}
        )
        with page.expect_navigation():
            page.click(".callout .btn")
        return page.url.rsplit("/", 1)[1]

    def have_answered(self, page: Page, address: str, folder: Path) -> str:
        """The id of a batch that is answered, by the service whose database is in a folder."""
        batch = self.send_table(page, address, PLAIN)
        with page.expect_navigation():
            page.click("button[value=start]")
        with closing(open_own(folder / "huice.sqlite3")) as beside:
            answer_batch(beside, batch)
        return batch


def add_officer(store: Store) -> Officer:
    """Somebody of a bank that keeps one company, who may do everything there."""
    officer, deed = Officer(), Deed(operator_of("bank"), datetime.now(UTC))
    digest = Passwords().digest(officer.password)
    AccountRepository(store).add(deed, "bank", officer.name, Role.ADMIN, digest)
    content = canonical_json(CLIENT)
    CompanyRepository(store).put(
        "bank",
        deed,
        officer.client,
        content,
        hashlib.sha256(content).hexdigest(),
        "甲",
        ("重点",),
        None,
    )
    return officer
