"""From free text to findings, treatments and measurements."""
