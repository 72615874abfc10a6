"""One run: from a prepared experiment to a run directory and a score."""
