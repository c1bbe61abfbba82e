"""The columnar engine: the index over Arrow record batches, for portfolios of any length."""
