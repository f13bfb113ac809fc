"""Pure rules. Standard library only; time, randomness and data arrive as arguments."""
