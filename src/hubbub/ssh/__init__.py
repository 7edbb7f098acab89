"""The gateway for ssh: a process of its own, in which the terminal client runs for each visitor."""
