"""Incidents of a corpus that no one machine holds: the same ones as ``reconcile.incidents`` makes of all accounts at once.

Accounts are cut by place and month into tiles (``tiles``). Which are compared is decided by the keys of ``reconcile.blocking``,
whatever their tiles: so a tile overlaps with every other in which an account of like place, day or words stands.

1. ``filing``: the accounts of some files, sorted into tiles, and the keys under which each is filed and looks for others.
2. ``meeting``: for some of the keys, which accounts meet under them.
3. ``comparing``: for some tiles, the scores of the pairs that met; what hangs together is noted.
4. ``joining``: what hangs together across tiles, over all of the corpus (the only step that sees all of it, as numbers).
5. ``settling``: for some tiles, what hangs together is grouped as on one machine, and each group told as an incident.

The steps hand each other files in the work folder (``sheaves``); those of a step that is finished are not made again. ``run`` has
the steps in a row.
"""
