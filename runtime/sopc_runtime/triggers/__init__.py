"""What starts runs: webhooks, clocks, folders, mailboxes, polls and people, through one intake."""
