"""What words say, for every part of Casebook: sentences, denials, answers, findings, places, numbers.

The words themselves are lists in ``prompts/language``; the rules that use them are here.
"""
