"""The reading models, each built, asked and answered in its own published way."""
