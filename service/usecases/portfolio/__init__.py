"""Whole portfolios of companies at once, on one machine or on Spark."""
