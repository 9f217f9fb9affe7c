"""Values in a region of a picture: where it lies, what its pixels hold, two compared, drawn."""
