"""How the built-in planner reads a conversation, chooses tools and puts an answer into words."""
