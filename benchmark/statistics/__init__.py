"""Statistics that SQL cannot do: joint bootstrap, families of tests, rank intervals, simulation."""
