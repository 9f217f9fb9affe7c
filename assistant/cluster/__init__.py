"""Work over a Ray cluster: pictures go out as bytes, what was found comes back in order."""
