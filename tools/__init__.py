"""Vision tools, the files they read, and what a tool may see during a turn."""
