"""Official staging: the algorithms of cancer registries, run over columns or for one case."""
