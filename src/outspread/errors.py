"""Every exception outspread raises, and what its codes stand for.

::

    OutspreadError
    ├── KnowledgeError     K...  a shipped or added knowledge file does not hold together
    ├── ReadError          R...  an input cannot be read at all
    ├── DiagnoseError      D...  the diagnosis was asked for with unusable arguments
    ├── StageError         S...  a staging algorithm cannot be had or used
    ├── PackError          P...  a pack of treatment options, or facts for it, cannot be used
    └── StoreError         W...  an output folder cannot be written or opened

Bad *data* never raises: it becomes a row of the `issue` table. Exceptions are for misuse, missing
inputs and broken files. A message says what is wrong, where, and what to do; it never repeats a
value from a record.
"""


class OutspreadError(Exception):
    """Base of all errors that outspread raises on purpose."""


class KnowledgeError(OutspreadError):
    """A knowledge file (anatomy, codes, rules) is missing, unreadable or contradicts itself."""


class ReadError(OutspreadError):
    """An input cannot be read at all: it is missing, empty or of no known format."""


class DiagnoseError(OutspreadError):
    """The diagnosis was called with arguments that cannot be used."""


class PackError(OutspreadError):
    """A pack of treatment options contradicts itself, or facts given for it cannot be read."""


class StoreError(OutspreadError):
    """An output folder cannot be written, is in use, or is not an outspread folder."""


class StageError(OutspreadError):
    """A staging algorithm cannot be had or used, or was asked for something it does not have."""
