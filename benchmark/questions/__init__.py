"""Questions: where they come from, and the parallel sets they make."""

from benchmark.questions.question import Question, QuestionError, QuestionSet
from benchmark.questions.sets import load_question_set

__all__ = ["Question", "QuestionError", "QuestionSet", "load_question_set"]
