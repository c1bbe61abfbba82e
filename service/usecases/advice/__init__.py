"""Advice asked for by itself: comparisons, calendars, scores."""
