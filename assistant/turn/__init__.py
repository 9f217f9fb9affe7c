"""One turn: files taken in, the loop run, the history written, stopped when asked."""
