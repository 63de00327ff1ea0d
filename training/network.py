"""One small encoder, several heads: the network that reads, as torch modules.

The encoder is MiniLM-L6 (uncased); because case tells names from words ("IS" from "is"), a case feature is added to its
input embeddings. Every head works on tokens. ``Reader`` reads whole texts and, while it learns, single clauses marked in their
context; ``Looker``, begun as a copy of its layers, does the latter at run time and shares its word vectors.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import nn

from tadmor import taxonomy
from tadmor.reading.date_forms import FORMS
from tadmor.reading.embedded.looks import FIRST_TYPE, ROLES
from tadmor.reading.embedded.mentions import TYPES as MENTION_TYPES
from tadmor.reading.embedded.windows import NEAR
from training.coded import PRACTICES
from training.examples import NAME_TYPES

CASES = 5  # no letter, lower, Capital, CAPITALS, miXed
TYPES = tuple(taxonomy.types())
PRACTICE = {name: FIRST_TYPE + len(TYPES) + i for i, name in enumerate(PRACTICES)}  # the mark at a window's end
CERTAINTY = ("asserted", "hedged", "denied", "expected")
WHOLE = {"certainty": len(CERTAINTY), "valid": 1, "form": len(FORMS)}  # what a look tells of the clause as a whole


def bio(n: int) -> int:
    """Number of labels of a BIO scheme over ``n`` types."""
    return 1 + 2 * n


@dataclass(frozen=True)
class Heads:
    """Sizes of the token heads, in the order in which their logits are laid side by side."""

    types: int

    @property
    def sizes(self) -> dict[str, int]:
        """Head name to number of logits."""
        return {
            "mentions": bio(len(MENTION_TYPES)),
            "names": bio(len(NAME_TYPES)),
            "source": 3,
            "cue": 3,
            "content": 3,
            "inner": 3,
            "trigger": 3,
            "start": self.types + 1,
            "inside": self.types + 1,
            "certainty": len(CERTAINTY),
            "roles": len(ROLES),
            "valid": 1,
            "form": len(FORMS),
        }


class Reader(nn.Module):
    """Encoder and heads. Forward gives hidden states (B, T, H) and all token logits side by side (B, T, sum of sizes)."""

    def __init__(self, encoder: nn.Module, heads: Heads, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = heads
        width = encoder.config.hidden_size
        self.case = nn.Embedding(CASES, width)
        nn.init.zeros_(self.case.weight)
        # none, the claim type of the clause looked at, or at a window's end the practice of those who coded it
        self.mark = nn.Embedding(FIRST_TYPE + heads.types + len(PRACTICES), width)
        nn.init.zeros_(self.mark.weight)
        self.dropout = nn.Dropout(dropout)
        self.tokens = nn.Linear(width, sum(heads.sizes.values()))
        for name, part in zip(heads.sizes, torch.split(self.tokens.bias.data, list(heads.sizes.values())), strict=True):
            if name in ("start", "inside", "roles"):
                part.fill_(-4.0)  # most pieces are of no type and no role: begin there

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, case: torch.Tensor, mark: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Hidden states and logits of a batch of windows; ``mark`` is 0 but where a clause is looked at."""
        embedded = self.encoder.embeddings.word_embeddings(ids) + self.case(case) + self.mark(mark)
        hidden = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        return hidden, self.tokens(self.dropout(hidden))

    def restore(self, state: dict[str, torch.Tensor]) -> None:
        """Loads weights, those of an earlier version too: what it had no marks or heads for begins at zero."""
        own = self.state_dict()
        for name in ("mark.weight", "tokens.weight", "tokens.bias"):
            if (more := len(own[name]) - len(state[name])) > 0:
                state[name] = torch.cat([state[name], torch.zeros(more, *state[name].shape[1:])])
        self.load_state_dict(state)

    def split(self, logits: torch.Tensor) -> dict[str, torch.Tensor]:
        """The logits by head."""
        sizes = self.heads.sizes
        return dict(zip(sizes, torch.split(logits, list(sizes.values()), dim=-1), strict=True))


class Looker(nn.Module):
    """Copies of the reader's layers, taught to look at a clause in its context, from the word vectors that the reader gave.

    A reader that was trained to look at marked text knows how: what is learnt begins where it was. What a MiniLM has before and
    after a text (``ends``: the ids of these marks), and its positions, are tables of the looker's own.
    """

    def __init__(self, reader: Reader, ends: tuple[int, int]) -> None:
        super().__init__()
        own = reader.encoder.embeddings
        width = reader.encoder.config.hidden_size
        self.mark = copy.deepcopy(reader.mark)
        # by distance to the clause; its first two rows are also all that the places before and after the pieces have
        self.near = nn.Embedding(NEAR, width)
        nn.init.zeros_(self.near.weight)
        self.near.weight.data[:2] = own.word_embeddings.weight.data[list(ends)] + reader.case.weight.data[0]
        self.place = copy.deepcopy(own.position_embeddings)
        self.place.weight.data += own.token_type_embeddings.weight.data[0]
        self.norm = copy.deepcopy(own.LayerNorm)
        self.layers = copy.deepcopy(reader.encoder.encoder.layer)
        self.dropout = nn.Dropout(reader.dropout.p)
        self.roles, self.whole = nn.Linear(width, len(ROLES)), nn.Linear(width, sum(WHOLE.values()))
        parts = [dict(zip(reader.heads.sizes, torch.split(x.data, list(reader.heads.sizes.values())), strict=True))
                 for x in (reader.tokens.weight, reader.tokens.bias)]  # fmt: skip
        for layer, names in ((self.roles, ["roles"]), (self.whole, list(WHOLE))):
            for own, part in zip((layer.weight, layer.bias), parts, strict=True):
                own.data.copy_(torch.cat([part[n] for n in names]))

    def forward(
        self, words: torch.Tensor, mask: torch.Tensor, mark: torch.Tensor, near: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of roles (B, T, roles) and of the whole (B, ...) of word vectors (B, T, width), zeros at both ends."""
        place = self.place(torch.arange(words.shape[1], device=words.device))
        x = self.dropout(self.norm(words + self.mark(mark) + self.near(near) + place))
        unseen = ((1.0 - mask.to(x.dtype)) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, attention_mask=unseen)[0]
        x = self.dropout(x)
        return self.roles(x), self.whole(x[:, 0])
