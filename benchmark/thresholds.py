"""From which n on a rate is shown."""

#: Under this many switches only their number is shown: a rate of so few says nothing.
FEW_SWITCHES = 5
