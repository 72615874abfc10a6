"""Locks on files and directories, held by one process at a time on any file system."""
