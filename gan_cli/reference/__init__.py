"""The reference that `gan list` and `gan describe` show, made of docstrings and YAML files."""
