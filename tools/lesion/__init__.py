"""Outlining a skin lesion and measuring its shape, colours and surroundings. No weights, no LangChain."""
