"""The mark on a sentence of a table or a class: it is translated when it is shown, in the language of its reader."""


def _(sentence: str) -> str:
    return sentence
