"""Six companies of usual shape, with every fact that such a company knows of itself.

docs/undetermined.md says how many matches stay open for each, and why.
"""

from typing import Any

NO_PROJECTS = [
    "first_of_kind_product", "event_or_exhibition", "application_scenario", "standard_or_ip",
    "person", "service_platform", "rnd_project", "innovative_product", "international_alliance",
    "innovation_centre", "loan",
]  # fmt: skip
PLAIN: dict[str, Any] = {
    "zones": [], "activities": [], "certificates": [], "recognitions": ["none_of_these"],
    "in_statistics_register": False, "investors": [], "listings": [], "research_tasks": [],
    "ownership": ["private"], "multinational_member": False, "key_breakthrough": False,
    "major_result": False, "exports": False, "innovative_drug": False, "profitable": True,
    "infrastructure_assets": [], "first_applications": [], "innovation_steps": [],
    "holds_fund_shares": False, "holds_listed_technology_shares": False, "investor_types": [],
    "upgrading_project": False, "plans_listing": False, "frontier_technology": False,
    "incubator_cooperates": False, "owns_ip": False, "owns_core_ip": False,
    "basic_research_rising": False, "technology_enterprise": False, "listed_reit": False,
    "serious_dishonesty": False, "investment_focus": [],
}  # fmt: skip


def _certificate(category: str) -> dict[str, str]:
    return {"category": category, "issued_on": "2025-03-01", "expires_on": "2028-02-29"}


def _company(kind: str | list[str], region: str, *projects: dict[str, Any], **own: Any) -> Any:
    """A company of one place, which has these projects and no others."""
    planned = {project["kind"] for project in projects}
    company = {
        **PLAIN, "kind": kind, "registered_region": region, "presence_regions": [region],
        "projects_absent": [kind for kind in NO_PROJECTS if kind not in planned], **own,
    }  # fmt: skip
    listed = [{"ref": f"p{number}", **project} for number, project in enumerate(projects, 1)]
    return {"company": company, "projects": listed}


COMPANIES: dict[str, dict[str, Any]] = {
    "robot start-up, Shanghai, one first-set contract": _company(
        "enterprise", "310115",
        {"kind": "first_of_kind_product", "contract_amount": "6000000.00"},
        industry="C35", fields=["embodied_intelligence"], stage="startup",
        founded_on="2023-05-01", employees=40, revenue="9000000.00", total_assets="30000000.00",
        technology_enterprise=True, profitable=False, owns_ip=True, owns_core_ip=True,
        frontier_technology=True, investors=["investment_institution"],
        activities=["raise_rnd_spending"], innovation_steps=["invention"],
    ),
    "AI company with certificates, Beijing, one loan": _company(
        "enterprise", "110108",
        {
            "kind": "loan", "tenor_months": 36, "loan_principal": "5000000.00",
            "loan_uses": ["research"], "ip_pledged": True, "operating_loan": True,
        },
        zones=["zhongguancun"], industry="I65", fields=["artificial_intelligence"],
        stage="growth", founded_on="2019-05-01", employees=120, revenue="80000000.00",
        total_assets="150000000.00",
        certificates=[_certificate("high_tech_enterprise"), _certificate("specialised_sme")],
        recognitions=[], technology_enterprise=True, owns_ip=True, owns_core_ip=True,
        investors=["government_fund"], plans_listing=True, innovation_steps=["invention"],
    ),
    "incubator that is a company, Shanghai": _company(
        ["incubator", "enterprise"], "310110", industry="L72", fields=["other"], employees=25,
        revenue="12000000.00", total_assets="20000000.00",
        recognitions=["high_quality_incubator"], incubator_cooperates=True,
    ),
    "bank, Beijing": _company(
        "bank", "110102", founding_regions=["110102"], foundings=["secondary_fund"],
        industry="J66", fields=["conventional"], employees=3000, listings=["domestic_exchange"],
        investment_focus=["technology_enterprises"],
    ),
    "manufacturer in Suzhou": _company(
        "enterprise", "320505", industry="C38", fields=["future_energy"], employees=400,
        revenue="300000000.00", total_assets="250000000.00",
        certificates=[_certificate("high_tech_enterprise")], technology_enterprise=True,
        owns_ip=True, exports=True, in_statistics_register=True, first_above_scale_year=2012,
    ),
    "noodle maker, Shanghai": _company(
        "enterprise", "310112", industry="C1431", fields=["conventional"], employees=45,
        revenue="22000000.00", total_assets="9000000.00", in_statistics_register=True,
        first_above_scale_year=2021,
    ),
}  # fmt: skip
