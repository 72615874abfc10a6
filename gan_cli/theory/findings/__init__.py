"""What each experiment of the theory found, in words and pictures: one file an experiment."""
