"""Teaching cases, sessions on them and what learners did, in the database of the chats."""
