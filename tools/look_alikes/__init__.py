"""Which collection of the case library an image is looked up in, and with which encoder."""
