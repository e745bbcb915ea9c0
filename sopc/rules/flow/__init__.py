"""The ways through a procedure, and what is known to hold on them."""
