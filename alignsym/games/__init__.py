"""Questions about a game whose answers are made of programs that `solve` answers."""
