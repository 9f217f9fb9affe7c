"""The user's case library: imported, indexed, searched, kept whole."""
