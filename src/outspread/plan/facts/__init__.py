"""What a record settles of the factors of a pack, each with its evidence and rule."""
