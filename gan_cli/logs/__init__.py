"""Where the numbers and pictures of a run go: JSON lines, TensorBoard, the terminal."""
