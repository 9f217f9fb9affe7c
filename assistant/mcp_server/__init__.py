"""Casebook's tools for the agents of others, over the Model Context Protocol."""
