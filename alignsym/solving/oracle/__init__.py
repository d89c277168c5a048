"""Numbers that suggest which constraints bind; nothing rests on them."""
