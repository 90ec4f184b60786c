"""The web's edge: Twilio's webhooks behind their guard, health, metrics."""
