"""The passes of the compiler, in the order in which `sopc_compiler.compilation` runs them."""
