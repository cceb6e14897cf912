"""Stories out: folders of tables, and text."""
