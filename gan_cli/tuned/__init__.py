"""Settings that suit a choice: what the table in conf/tuned.yaml puts in the place of `auto`."""
