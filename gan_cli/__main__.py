"""`python -m gan_cli`: the same program as the console script `gan`."""

from gan_cli.cli import main

if __name__ == "__main__":
    main()
