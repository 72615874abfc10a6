"""Several processes that train one run, on one host or on many: who they are, how they speak."""
