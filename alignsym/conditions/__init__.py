"""From a game and a concept to a mixed complementarity system; every equation keeps its origin."""
