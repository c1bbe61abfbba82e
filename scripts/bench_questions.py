"""How many questions lead to a full decision: asked by what they decide, or in the form's order.

python -m scripts.bench_questions [companies]
"""

import sys
from statistics import mean

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.settings import read_settings
from tests.domain.advice.interviews import compare_orders


def main() -> None:
    companies = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    settings = read_settings()
    catalogue = load_catalogue(read_source(settings.policies, settings.seeds, settings.private))
    as_of = max(m.reviewed_on for m in catalogue.measures.values())
    ranks, forms = compare_orders(catalogue, as_of, companies)
    fewer = sum(a < b for a, b in zip(ranks, forms, strict=True))
    print(f"{companies} random companies, {len(catalogue.programmes)} programmes")
    print(f"by what they decide: {mean(ranks):.1f} questions (at most {max(ranks)})")
    print(f"in the form's order: {mean(forms):.1f} questions (at most {max(forms)})")
    print(f"fewer for {fewer} companies, as many for "
          f"{sum(a == b for a, b in zip(ranks, forms, strict=True))}")  # fmt: skip


if __name__ == "__main__":
    main()
