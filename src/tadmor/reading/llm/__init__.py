"""The second reader: any language model behind an OpenAI-compatible endpoint reads reports into the same record.

The model proposes; nothing that it says is taken on trust. Every string of the reading that comes of it is a span of the
report, found there verbatim, or a word of the codebook; what is not found is dropped and counted.
"""

from __future__ import annotations

from tadmor.reading.llm.settings import LlmSettings

__all__ = ["LlmSettings"]
