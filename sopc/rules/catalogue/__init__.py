"""The rules, one file each; `sopc.rules.registry` lists them."""
