"""The tree of administrator's commands, spoken wherever an administrator is."""
