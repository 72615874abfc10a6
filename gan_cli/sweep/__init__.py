"""Sweeps whose members train as one program."""
