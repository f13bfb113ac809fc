"""A whole fictional province: as many cases as wanted, made by the same rules as every case, for growth and for show.

Nothing is invented at the level of rows. A *life* is one application walked through the pure rules from draft to end,
day by day on the real calendar (:mod:`.walk`); what follows from it, ratings and matters, by the rules of their own
(:mod:`.aftermath`). A life is then *copied* to other people and places of the same kind: every number, name, office and
instant is another, every digest, link and seal is computed for real (:mod:`.sheets`, :mod:`.copies`). How many cases,
when, where and how well they go is drawn from a seed (:mod:`.luck`, :mod:`.places`): all of it illustrative.
"""
