"""Calls: what a turn has to say as TwiML, the call's forms, and the screening of staff."""
