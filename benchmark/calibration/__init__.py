"""The calibration model: a tiny language model whose disclosure is planted, hence known.

It checks the instrument (server, runner, answers, detector, rates) from end to end.
It says nothing about how well the detector reads other models.
"""
