"""The rules, one file each, in a folder for each family; `sopc.rules.registry` lists them."""
