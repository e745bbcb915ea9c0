"""`python -m sopc`."""

from sopc.cli import main

if __name__ == "__main__":
    main()
