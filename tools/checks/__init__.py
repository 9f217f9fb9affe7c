"""Whether a picture is technically fit to be read."""
