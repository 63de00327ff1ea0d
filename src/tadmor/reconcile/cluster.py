"""Accounts in groups of one occurrence each, kept in memory: filed by their keys, compared, and grouped as ``regroup`` says.

Whether two accounts are compared, and with what score, depends on the two alone; so does the order in which groups are
merged. The result therefore does not depend on the order in which accounts come, and one that comes later changes only
the groups that it joins or draws apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from tadmor.model import ClaimRef
from tadmor.reconcile.blocking import entries, looks
from tadmor.reconcile.constraints import Constraint
from tadmor.reconcile.regroup import Group, regroup
from tadmor.reconcile.similarity import likeness
from tadmor.reconcile.traits import Traits


class Groups:
    """Accounts in groups of one occurrence each, kept up as accounts come and go.

    ``constraints`` are what people decided, oldest first.
    """

    def __init__(self, items: Iterable[Traits] = (), *, constraints: Sequence[Constraint] = ()) -> None:
        self._items: dict[ClaimRef, Traits] = {}
        self._blocks: dict[int, dict[ClaimRef, tuple[int, int]]] = {}
        self._edges: dict[ClaimRef, dict[ClaimRef, float]] = {}
        self._group: dict[ClaimRef, Group] = {}
        self._constraints = tuple(constraints)
        self._bound: dict[ClaimRef, set[ClaimRef]] = defaultdict(set)
        for held in self._constraints:
            if held.one:
                self._bound[held.a].add(held.b)
                self._bound[held.b].add(held.a)
        self.add(items)

    def __iter__(self) -> Iterator[Group]:
        """The groups, each in the order of its claims, by their first claims."""
        return iter(sorted(set(self._group.values())))

    def of(self, ref: ClaimRef) -> Group | None:
        """The group that the account stands in."""
        return self._group.get(ref)

    def __getitem__(self, ref: ClaimRef) -> Traits:
        return self._items[ref]

    def add(self, items: Iterable[Traits]) -> list[Group]:
        """Take in accounts, in place of those of the same claims; returns the groups that are new or have changed."""
        fresh = {i.account.ref: i for i in items}
        touched = self._drop(ref for ref in fresh if ref in self._items)
        for ref in sorted(fresh):
            item = fresh[ref]
            near = self._edges[ref] = {}
            for other in self._candidates(item):
                score = likeness(item, self._items[other])
                if score:
                    near[other] = self._edges[other][ref] = score
            self._items[ref] = item
            for key, first, last in entries(item):
                self._blocks.setdefault(key, {})[ref] = first, last
        return self._regroup(touched | set(fresh))

    def remove(self, refs: Iterable[ClaimRef]) -> list[Group]:
        """Take accounts out; returns the groups that are new or have changed."""
        return self._regroup(self._drop(ref for ref in set(refs) if ref in self._items))

    def _drop(self, refs: Iterable[ClaimRef]) -> set[ClaimRef]:
        """Forget accounts; those whose groups this may change are returned."""
        touched: set[ClaimRef] = set()
        gone = set(refs)
        for ref in gone:
            touched.update(self._group[ref], self._bound.get(ref, ()))
            for key, _, _ in entries(self._items.pop(ref)):
                block = self._blocks[key]
                del block[ref]
                if not block:
                    del self._blocks[key]
            for other in self._edges.pop(ref):
                if other in self._edges:
                    self._edges[other].pop(ref, None)
        for ref in gone:
            for mate in self._group.get(ref, ()):
                self._group.pop(mate, None)  # to be grouped afresh
        return {ref for ref in touched if ref in self._items}

    def _candidates(self, item: Traits) -> list[ClaimRef]:
        found: set[ClaimRef] = set()
        for look in looks(item):
            found.update(ref for ref, days in self._blocks.get(look.key, {}).items() if look.takes(*days))
        return sorted(found)

    def _regroup(self, touched: set[ClaimRef]) -> list[Group]:
        made = [group for group in regroup(self, touched) if self._group.get(group[0]) != group] if touched else []
        for group in made:
            for ref in group:
                self._group[ref] = group
        return sorted(made)

    def near(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, dict[ClaimRef, float]]:
        """See ``Kept``."""
        return {ref: self._edges[ref] for ref in refs}

    def groups(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, Group]:
        """See ``Kept``."""
        return {ref: self._group[ref] for ref in refs if ref in self._group}

    def bound(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, list[ClaimRef]]:
        """See ``Kept``."""
        found = ((ref, self._bound[ref]) for ref in refs if ref in self._bound)
        return {ref: [b for b in others if b in self._items] for ref, others in found}

    def decided(self, refs: Collection[ClaimRef]) -> list[Constraint]:
        """See ``Kept``."""
        return [c for c in self._constraints if c.a in refs and c.b in refs]
