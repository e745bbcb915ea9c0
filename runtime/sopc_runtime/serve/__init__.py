"""`sopc serve`: one process with webhooks, clocks, sources, a worker and notifications."""
