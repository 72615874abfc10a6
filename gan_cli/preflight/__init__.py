"""What a training takes, told before it starts: memory, files and time, and what is there."""
