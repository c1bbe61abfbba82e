"""Many companies at once: a file of them against the whole catalogue."""
