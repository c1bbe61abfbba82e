"""What each face of the service is given of it: the API its context, the pages theirs."""

from datetime import timedelta
from typing import TYPE_CHECKING

from service.api.ports import ApiContext, ApiLimits
from service.app import Services
from service.settings import Settings
from service.storage.call_counts import CallCounts
from service.storage.cases import CaseRepository, server_key

if TYPE_CHECKING:
    from service.identity.provider import IdentityProvider
    from service.web.ports import PageContext


def api_context(huice: Services) -> ApiContext:
    """What the API works on."""
    return ApiContext(
        limits=_api_limits(huice.settings),
        compiled=huice.compiled,
        matching=huice.matching,
        comparing=huice.comparing,
        scheduling=huice.scheduling,
        receipts=huice.receipt_service,
        memos=huice.memos,
        clock=huice.clock,
        keys=huice.key_service,
        companies=huice.company_service,
        audit=huice.audit_service,
        idempotency=huice.idempotency,
        batches=huice.batch_service,
        candidates=huice.candidates,
        subscriptions=huice.subscription_service,
        webhooks=huice.webhook_service,
        feed=huice.feed,
        shared_counts=huice.shared_counts,
        list_programmes=huice.list_programmes,
        wording=huice.wording,
        check_ready=huice.check_ready,
        degraded_by=huice.degraded_by,
    )


def _api_limits(settings: Settings) -> ApiLimits:
    return ApiLimits(
        max_body=settings.max_body,
        max_upload=settings.max_upload,
        rate_limit=settings.rate_limit,
        rate_store=settings.rate_store,
        is_open=settings.is_open,
        trusted_hosts=settings.trusted_hosts,
        public_url=settings.public_url,
        proxies=settings.proxies,
    )


def page_context(huice: Services) -> "PageContext":
    """What the pages work on. Their code is loaded for that only."""
    from service.usecases.tenancy.case_openings import Openings  # noqa: PLC0415
    from service.web.ports import PageContext  # noqa: PLC0415

    return PageContext(
        compiled=huice.compiled,
        matching=huice.matching,
        comparing=huice.comparing,
        scheduling=huice.scheduling,
        memos=huice.memos,
        stored_receipts=huice.receipts,
        clock=huice.clock,
        cases=CaseRepository(huice.store, timedelta(days=huice.settings.case_days)),
        search=huice.search,
        changed=huice.feed.changed_since,
        changes=huice.feed.steps,
        wording=huice.wording,
        key=server_key(huice.store, "forms"),
        frame_ancestors=huice.settings.frame_ancestors,
        accounts=huice.account_service,
        subscriptions=huice.subscription_service,
        clients=huice.clients,
        batches=huice.batch_service,
        companies=huice.company_service,
        candidates=huice.candidates,
        openings=Openings(CallCounts(huice.store), huice.settings.case_rate),
        max_upload=huice.settings.max_upload,
        is_open=huice.settings.is_open,
        identity=_identity_provider(huice.settings),
    )


def _identity_provider(settings: Settings) -> "IdentityProvider | None":
    """The provider that people log in with, where the operator has one. Its libraries are loaded
    for that only."""
    if settings.oidc_issuer is None:
        return None
    from service.identity.provider import IdentityProvider  # noqa: PLC0415

    return IdentityProvider(
        settings.oidc_issuer,
        str(settings.oidc_client),
        str(settings.oidc_secret),
        f"{settings.public_url}/desk/login/return",
        settings.oidc_name,
    )
