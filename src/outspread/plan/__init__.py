"""What can be done: options, alerts and questions from a knowledge pack, and why."""
