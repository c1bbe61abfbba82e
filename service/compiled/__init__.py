"""A catalogue version with everything that is built from it once and read by every request."""
