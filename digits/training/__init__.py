"""Training: what the notebooks and benchmarks share."""
