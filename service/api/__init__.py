"""JSON resources under /api/v1 and the probes: HTTP in, use cases, answers or problems out."""
