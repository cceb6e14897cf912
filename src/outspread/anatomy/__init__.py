"""Sites, primaries, who is near whom and who drains where; codes; and the look-up over them."""
