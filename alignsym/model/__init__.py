"""What the user says: relations, agents, games, and the files that hold them."""
