"""Casebook behind the interface that many chat programs know: OpenAI's chat completions and responses."""
