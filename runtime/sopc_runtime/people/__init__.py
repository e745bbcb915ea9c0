"""People: the inbox, who may decide what is in it, and telling them of it."""
