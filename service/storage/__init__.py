"""SQLite: catalogue versions, full-text search, receipts. One file, safe for many processes."""
