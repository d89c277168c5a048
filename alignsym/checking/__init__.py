"""A person's claims about a model, decided without the solver."""
