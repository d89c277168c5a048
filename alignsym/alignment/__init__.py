"""Is a profile efficient, whose aggregate does it maximise, and which trade would align it?"""
