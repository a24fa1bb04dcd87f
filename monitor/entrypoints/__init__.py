"""Ways into the program: the command line and the daemon."""
