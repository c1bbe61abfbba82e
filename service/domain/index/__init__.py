"""The index: every programme's status for a profile in a few look-ups."""
