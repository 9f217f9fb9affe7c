"""The published model systems: their cards, getting them, loading them, asking them."""
