"""People's answers and corrections: their file, and how they are applied to a graph."""

from sopc_compiler.answers.anchors import Anchors, Place
from sopc_compiler.answers.answer import Answer, Answers, AnswersFile
from sopc_compiler.answers.apply import apply_answers
from sopc_compiler.answers.file import load_answers, save_answer
from sopc_compiler.answers.report import AnswersReport, StaleAnswer, UnusedAnswer

__all__ = [
    "Anchors",
    "Answer",
    "Answers",
    "AnswersFile",
    "AnswersReport",
    "Place",
    "StaleAnswer",
    "UnusedAnswer",
    "apply_answers",
    "load_answers",
    "save_answer",
]
