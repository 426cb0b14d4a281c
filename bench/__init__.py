"""Benchmarks of the project, each beside its reference in the same run; `make bench` starts `bench.run`."""
