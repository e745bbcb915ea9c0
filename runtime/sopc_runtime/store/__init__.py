"""What the runtime keeps: one database for runs, inbox, journal and the rest."""
