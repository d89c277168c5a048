"""Claims and their verdicts, stated by definition; knows nothing of the solver."""
