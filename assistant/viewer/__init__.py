"""The viewer: slices lent to one browser, seen, measured and marked there."""
