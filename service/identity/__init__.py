"""Who people are, as a provider of identities says (OpenID Connect)."""
