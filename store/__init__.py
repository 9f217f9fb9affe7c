"""Words, errors and memory. Imports nothing of ours from outside this package."""
