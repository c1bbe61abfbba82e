"""Sending: requests to addresses that others name, held to what may be reached, and letters."""
