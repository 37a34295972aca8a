"""The command line `rlvr`."""
