"""How an answer is judged: verdicts, failures, extraction, rewards, trajectories."""
