"""A copy of all that Casebook keeps: made while it is in use, checked, and put back."""
