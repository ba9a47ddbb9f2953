"""How dates are read: the day first, as people here write them. Django's own formats for "vi" lack this."""

DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"]
