"""Huice (惠策): which support programmes a company may claim, under which clause, up to how much."""
