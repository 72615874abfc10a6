"""Sweeps: members side by side, as lanes of one program, or in processes of an engine's.

An engine's process imports this first, and need not have the environment of the command: Slurm's
jobs and the workers of a running Ray cluster have their own.
"""

from gan_cli.surroundings import keep_xla_quiet

keep_xla_quiet()
