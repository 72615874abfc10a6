"""Pictures of samples, and what all pictures are drawn with."""
