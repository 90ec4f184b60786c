"""Twilio's side: signatures, forms in, TwiML out, the REST client out."""
