"""The page of one patient, and the page for the person, as HTML that needs nothing else.

`case_of` takes one patient out of tables, `read_case` reads one out of a folder, `patient_page` and
`person_html` write the pages. Templates get the view dataclasses of these modules and nothing else.
"""
