"""What is measured: questions, hints, trials, the runner, answers, the detector, the store."""
