"""What an experiment costs on this device: time, arithmetic, memory."""
