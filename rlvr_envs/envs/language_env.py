"""`LanguageEnv`: plays one task as a conversation, in one or several turns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import isfinite
from typing import Any, SupportsFloat

import gymnasium
from gymnasium.error import ResetNeeded

from rlvr_envs.core.reward import RewardScheme, Turn, reward_scheme
from rlvr_envs.core.verdict import Verdict
from rlvr_envs.core.verifier import Verifier
from rlvr_envs.envs.feedback import Feedback, resolve_feedback
from rlvr_envs.families import get_family, get_verifier
from rlvr_envs.spaces import UnicodeText
from task_generators import DEFAULT_LEVEL, Mixture, Task, catalog
from task_generators.compose import Levels, as_levels

Kinds = str | list[str] | tuple[str, ...] | Mapping[str, float] | None

_OPTIONS = ("kind", "level", "index", "split", "task_id", "task")
_NO_VERDICT: dict[str, Any] = {
    "success": False,
    "invalid": False,
    "status": "",
    "score": 0.0,
    "failure": "",
    "detail": "",
}


@lru_cache(maxsize=256, typed=True)
def _mixture(kinds: tuple[str, ...], levels: tuple[int, ...], split: str) -> Mixture:
    """Mixtures hold no state, so environments share them: making an environment costs little."""
    return Mixture(kinds, levels, split)


class LanguageEnv(gymnasium.Env[str, str]):
    """A Gymnasium environment in which an assistant answers a task.

    The observation is the new user turn only (the prompt, later the feedback); the action is the assistant's raw text.
    An episode ends (`terminated`) with a right answer or with the last turn; with an `invalid` verdict, our fault, it
    is `truncated` with reward 0.0 and `info["invalid"]`: drop such an episode before any statistics.

    `info` has the same keys at every step: `task_id`, `kind`, `split`, `level`, `turn` (answers given so far), `system`
    (the system message), `messages` (the new chat messages), and of the last verdict `success`, `invalid`, `status`,
    `score`, `failure`, `detail`, `components`. It never holds the reference.

    Args:
        family: Name of the family, e.g. `math`.
        kind: One kind (`gcd` or `math.gcd`), several, a mapping from kind to weight, or None for all of the family.
        level: Difficulty level, or several, drawn uniformly.
        split: `train`, `eval` or `test`.
        max_turns: Answers allowed in an episode, >= 1.
        feedback: What is said after an answer that was not right: `unary`, `verdict`, `hint` or a function
            `(task, verdict, tries) -> str`.
        reward: A reward scheme, e.g. `binary`, `graded`, `"binary+turn_discount(0.5)"`, or a function of a `Turn`.
        verifier: Replaces the family's verifier.
        render_mode: None or `ansi`: `render()` gives the transcript.

    Raises:
        ValueError: If an argument is not valid; the message names the allowed values.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 1}

    def __init__(
        self,
        family: str = "math",
        kind: Kinds = None,
        level: Levels = DEFAULT_LEVEL,
        split: str = "train",
        max_turns: int = 1,
        feedback: str | Feedback = "unary",
        reward: str | RewardScheme = "binary",
        verifier: Verifier | None = None,
        render_mode: str | None = None,
    ):
        if type(max_turns) is not int or max_turns < 1:
            raise ValueError(f"max_turns must be an int >= 1, got {max_turns!r}")
        if render_mode not in (None, "ansi"):
            raise ValueError(f"render_mode must be None or 'ansi', got {render_mode!r}")
        self.family = get_family(family)
        self.verifier = verifier or get_verifier(family)
        self.max_turns = max_turns
        self.feedback = resolve_feedback(feedback)
        self.reward_scheme = reward_scheme(reward)
        self.render_mode = render_mode
        self.observation_space = UnicodeText()
        self.action_space = UnicodeText()
        self.task: Task | None = None
        self.verdict: Verdict | None = None
        self._draws_from = (kind, level, split)
        self._mixture = self._mix(kind, level, split)
        self._messages: list[dict[str, str]] = []
        self._responses: tuple[str, ...] = ()
        self._done = True

    def _mix(self, kind: Kinds, level: Levels, split: str) -> Mixture:
        name = self.family.name
        if isinstance(kind, Mapping):
            return Mixture({catalog.resolve(k, name): weight for k, weight in kind.items()}, level, split)
        if kind is None:
            names = catalog.kinds(name)
        else:
            names = [catalog.resolve(k, name) for k in (kind if isinstance(kind, list | tuple) else [kind])]
        return _mixture(tuple(names), as_levels(level), split)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode.

        Args:
            seed: Seeds the stream that tasks are drawn from; equal seeds give equal tasks.
            options: `task_id` or `task` plays that very task; `kind`, `level`, `split`, `index` replace the
                environment's own for this episode.

        Returns:
            The prompt, and the info.

        Raises:
            ValueError: If an option is unknown or not valid.
        """
        super().reset(seed=seed)
        self.task = self._draw(options or {})
        self.verdict = None
        self._messages = [
            {"role": "system", "content": self.family.system},
            {"role": "user", "content": self.task.prompt},
        ]
        self._responses = ()
        self._done = False
        return self.task.prompt, self._info(self._messages)

    def _draw(self, options: Mapping[str, Any]) -> Task:
        for name in options:
            if name not in _OPTIONS:
                raise ValueError(f"unknown reset option {name!r}: there are {', '.join(_OPTIONS)}")
        if "task" in options or "task_id" in options:
            if len(options) > 1:
                raise ValueError(f"reset option 'task' or 'task_id' goes with no other, got {', '.join(options)}")
            task = options["task"] if "task" in options else catalog.task(options["task_id"])
            if isinstance(task, Mapping):
                task = Task.from_dict(task)
            if not isinstance(task, Task) or task.family != self.family.name:
                raise ValueError(f"this environment plays tasks of family {self.family.name!r}, got {task!r:.100}")
            return task
        mixture = self._mixture
        if options.keys() - {"index"}:
            kind, level, split = self._draws_from
            mixture = self._mix(options.get("kind", kind), options.get("level", level), options.get("split", split))
        return mixture.draw(self.np_random, options.get("index"))

    def step(self, action: str) -> tuple[str, SupportsFloat, bool, bool, dict[str, Any]]:
        """Judge an answer.

        Args:
            action: The assistant's raw text. What is not a str is judged `malformed`.

        Returns:
            The new user turn (empty when the episode is over), the reward, terminated, truncated and the info.

        Raises:
            ResetNeeded: If no episode is running.
        """
        if self._done or self.task is None:
            raise ResetNeeded("no episode is running: call reset() before step()")
        verdict = self.verifier.verify(self.task, action)
        self._responses += (action if isinstance(action, str) else "",)
        turn = len(self._responses)
        last = verdict.success or turn >= self.max_turns
        reward = 0.0
        if not verdict.invalid:
            reward = float(self.reward_scheme(Turn(verdict, turn - 1, last, self._responses, self._canonical)))
            if not isfinite(reward):  # a single NaN would poison the statistics of its whole batch
                verdict, reward = Verdict.failed("verifier_error", f"the reward scheme gave {reward}"), 0.0
        self.verdict = verdict
        truncated = verdict.invalid
        terminated = last and not truncated
        self._done = terminated or truncated
        new: list[dict[str, str]] = []
        if not self._done:
            new.append({"role": "user", "content": self.feedback(self.task, verdict, turn)})
        self._messages += [{"role": "assistant", "content": self._responses[-1]}, *new]
        return new[0]["content"] if new else "", reward, terminated, truncated, self._info(new)

    def _canonical(self, response: str) -> str | None:
        assert self.task is not None
        return self.verifier.canonical(self.task, response)

    def _info(self, new_messages: list[dict[str, str]]) -> dict[str, Any]:
        task, verdict = self.task, self.verdict
        assert task is not None
        info = {
            "task_id": task.id,
            "kind": task.kind,
            "split": task.split,
            "level": task.level,
            "turn": len(self._responses),
            "system": self.family.system,
            "messages": [dict(message) for message in new_messages],
        }
        if verdict is None:
            return {**info, **_NO_VERDICT, "components": {}}
        info["success"] = verdict.success
        info["invalid"] = verdict.invalid
        info["status"] = verdict.status
        info["score"] = verdict.score
        info["failure"] = verdict.failure or ""
        info["detail"] = verdict.detail
        info["components"] = dict(verdict.components)
        return info

    def render(self) -> str | None:
        """The transcript so far, if `render_mode` is `ansi`."""
        if self.render_mode is None:
            gymnasium.logger.warn("render() needs gym.make(..., render_mode='ansi')")
            return None
        lines = [f"[{message['role']}] {message['content']}" for message in self._messages]
        if self.verdict is not None:
            lines.append(f"[verdict] {self.verdict.status} {self.verdict.score:g} {self.verdict.detail}".rstrip())
        return "\n".join(lines)
