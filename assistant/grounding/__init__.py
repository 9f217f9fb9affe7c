"""Whether what an answer says of images is found in the evidence of its chat. By rule, without a model."""

from assistant.grounding.carried_text import carried
from assistant.grounding.check import check
from assistant.grounding.facts import Facts, Said, facts_of

__all__ = ["Facts", "Said", "carried", "check", "facts_of"]
