"""Published model systems. This release describes them; it loads no weights."""
