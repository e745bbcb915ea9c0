"""What language rules find in a passage without a model: words, times, conditions, acts, names."""
