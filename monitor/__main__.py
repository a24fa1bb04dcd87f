"""`python -m monitor`."""

from monitor.entrypoints.cli import main

if __name__ == "__main__":
    main()
