"""What a message is about, learned from examples: the trained ear beside the planner's rules."""
