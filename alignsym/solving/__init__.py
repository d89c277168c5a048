"""From a complementarity system to regimes.  Untrusted: nothing rests on what is found here."""
