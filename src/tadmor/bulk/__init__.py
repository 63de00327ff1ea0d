"""Many machines: the pure function from a batch of reports to readings, run part by part on an engine, and the way back.

``corpus.read`` reads a corpus in parts and keeps each part's readings as Parquet with a mark of what they were read from;
``kept.readings`` gives them back; ``incidents.run`` works out what they tell of, part by part. An engine (``engines``) only says
where parts are worked on: in processes of this machine, on Daft's own runner, or on a Ray cluster.

Nothing is imported here: processes that work on parts start with what they need.
"""
