"""Text in the pixels of pictures: found, told apart, masked."""
