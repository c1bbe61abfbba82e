"""Short ways to write who asks: an applicant, its projects and its certificates."""

from typing import Any


def firm(region: str, **facts: Any) -> dict[str, Any]:
    """An enterprise registered in a region."""
    return {"kind": "enterprise", "registered_region": region, **facts}


def applicant(kind: str | list[str], region: str, **facts: Any) -> dict[str, Any]:
    """An applicant of any kind registered in a region."""
    return {"kind": kind, "registered_region": region, **facts}


def top_scientist(region: str) -> dict[str, Any]:
    """A person at the top of a field, who owns what the work rests on."""
    held = ["global_top_scientist"]
    given = {"personal_role": "scientist", "owns_core_ip": True, "recognitions": held}
    return applicant("individual", region, **given)


def project(kind: str, ref: str = "p1", **facts: Any) -> dict[str, Any]:
    return {"ref": ref, "kind": kind, **facts}


CORE_STAFF = project("person", role="core_rnd", employed=True)


def digital_loan(principal: str) -> dict[str, Any]:
    """A year's loan for going digital."""
    uses = ["digital_transformation"]
    return project("loan", loan_uses=uses, loan_principal=principal, tenor_months=12)


def certificate(category: str, issued: str, expires: str) -> dict[str, str]:
    return {"category": category, "issued_on": issued, "expires_on": expires}
