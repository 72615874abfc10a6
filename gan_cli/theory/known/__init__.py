"""The known numbers of the theory, each with what computes it here."""
