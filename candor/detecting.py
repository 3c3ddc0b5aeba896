"""The detector that the options of a command ask for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from benchmark.detector import DEFAULT_DETECTOR, Detector, choose_detector
from benchmark.detector.llm_judge import JudgeSettings
from benchmark.detector.llm_judge.settings import read_key
from benchmark.endpoint import ModelAddress, gather_info
from candor.plan import OptionError


@dataclass(frozen=True)
class DetectorOptions:
    """As given on the command line; see its help."""

    detector: str = DEFAULT_DETECTOR
    judge_endpoint: str | None = None
    judge_model: str | None = None
    judge_key_env: str | None = None
    jobs: int = 0


def choose(options: DetectorOptions, jobs: int) -> Detector:
    """The detector asked for.

    Raises:
        OptionError: half of a judge's address.
        UnknownDetector: no such detector, or a judge where none is used.
        EndpointError: the judge's address or key is no good.
    """
    settings = read_judge(options.judge_endpoint, options.judge_model, options.judge_key_env)
    return choose_detector(options.detector, settings, jobs)


def read_judge(endpoint: str | None, model: str | None, key_env: str | None) -> JudgeSettings | None:
    """The LLM judge of these options, whose server answers; None where there is to be none.

    Raises:
        OptionError: half of a judge's address.
        EndpointError: the judge's address or key is no good.
    """
    if endpoint and model:
        settings = JudgeSettings(endpoint, model, key_env)
        # A server out of reach is said at once: else every verdict would be missing.
        asyncio.run(gather_info(ModelAddress(settings.endpoint, settings.model, read_key(settings))))
        return settings
    if endpoint or model:
        raise OptionError("--judge-endpoint and --judge-model go together: one of them is missing.")
    return None
