"""Receipts of answers, and the memo made of one."""
