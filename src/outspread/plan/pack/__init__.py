"""The knowledge pack: its form, how it is read, and what is checked before it is used."""
