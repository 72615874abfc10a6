"""From a recipe and data to a trained state: pure steps, chunks of them, and when to do what."""
