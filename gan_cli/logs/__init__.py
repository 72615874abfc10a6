"""Where a run's numbers and pictures are written: JSON lines, TensorBoard, the terminal."""
