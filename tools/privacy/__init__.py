"""What files carry of persons, and copies of them without it."""
