"""Runs beside one another: what each reached, in which groups, and how sure that is."""
