"""Pictures of solutions, with matplotlib (extra `plot`), which is imported when one is drawn."""
