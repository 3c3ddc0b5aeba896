"""The detector's optional last stage: a language model reads the reasoning.

Any server that speaks the OpenAI protocol with structured output will do. The
package is not named `judge`, since importing it would then put the module in
the place of the function `benchmark.detector.judge`.
"""

from benchmark.detector.llm_judge.judging import judge_many, judge_with_model, name_judge
from benchmark.detector.llm_judge.settings import JudgeSettings

__all__ = ["JudgeSettings", "judge_many", "judge_with_model", "name_judge"]
