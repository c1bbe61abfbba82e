"""Huice (惠策): which support programmes a company may claim, under which clause, how much."""

__version__ = "0.1.0"
