"""The statements of Goodfellow et al. 2014 as experiments: numbers in, numbers out."""
