"""The commands, one file per group. Each file adds its own arguments and runs them."""
