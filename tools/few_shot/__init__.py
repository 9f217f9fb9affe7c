"""Classifiers trained on the user's own labels: trained, measured, described, kept."""
