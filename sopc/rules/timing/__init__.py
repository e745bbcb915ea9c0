"""How long things take, when they are due, and who is turned to when."""
