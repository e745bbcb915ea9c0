"""Graph in, actions out: the deterministic runtime. It never imports a model client."""
