"""Words for what the other packages find: text, LaTeX, explanations.  Nothing here computes."""
