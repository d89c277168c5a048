"""From a solution to its derivation, step by step; what is said is what replays at exact points."""
