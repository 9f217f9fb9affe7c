"""What the published systems are: cards, licences, and the form of a question and of a reading."""
