"""The pixel estimator of the gate: features, the shipped numbers, and the script that trains them."""
