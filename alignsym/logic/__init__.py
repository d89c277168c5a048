"""What is true for all parameters: the exact zero test, and the one door to z3."""
