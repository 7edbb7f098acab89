"""What lasts: accounts, rooms and history, kept behind one interface."""
