"""What is asked of the case library in words: which cases are meant, a quiz on them, what is said of both."""
