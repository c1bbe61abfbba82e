"""One function per user intent. Entry points and pages call these and nothing below them."""
