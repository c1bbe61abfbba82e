"""HTML pages: the same use cases as the API, for people. Works without JavaScript."""
