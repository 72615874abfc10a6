"""What each experiment of the theory found: `<x>.py` has its words, `<x>_picture.py` draws it."""
