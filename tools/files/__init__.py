"""From an untrusted file to an `Image`: recognised, decoded in a child process, kept within limits."""
