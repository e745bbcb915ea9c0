"""What steps do: acts that last, who was asked before, what bounds them."""
