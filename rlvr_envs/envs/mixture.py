"""`EnvMixture`: plays one of several environment ids in each episode, drawn by weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, SupportsFloat

import gymnasium
import numpy as np

from task_generators import Task, TaskId


class EnvMixture(gymnasium.Env[str, str]):
    """A mixture of environments that share their spaces, as all text families do.

    `reset` draws the id and seeds its environment from this environment's stream, so equal seeds give equal episodes.
    With the option `task` or `task_id` the environment that plays that task's kind or family is taken.

    Args:
        ids: Environment ids.
        weights: One positive number for each id; equal by default.
        **kwargs: Passed to every `gymnasium.make`.

    Raises:
        ValueError: If there is no id, the weights do not fit, or the spaces differ.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 1}

    def __init__(self, ids: Sequence[str], weights: Sequence[float] | None = None, **kwargs: Any):
        if isinstance(ids, str) or not ids:
            raise ValueError(f"a mixture needs a list of environment ids, got {ids!r}")
        shares = [1.0] * len(ids) if weights is None else list(weights)
        if len(shares) != len(ids) or not all(isfinite(share) and share > 0 for share in shares):
            raise ValueError(f"a mixture needs one positive weight for each of its {len(ids)} ids, got {weights!r}")
        self.envs = [gymnasium.make(env_id, **kwargs).unwrapped for env_id in ids]
        self._current = self.envs[0]
        self.render_mode = self._current.render_mode
        self.observation_space = self._current.observation_space
        self.action_space = self._current.action_space
        for env_id, env in zip(ids, self.envs, strict=True):
            if (env.observation_space, env.action_space) != (self.observation_space, self.action_space):
                raise ValueError(f"{env_id} has other spaces than {ids[0]}: they cannot be mixed")
        self._edges = np.cumsum(shares)[:-1] / sum(shares)

    @property
    def task(self) -> Task | None:
        """The task of the episode."""
        return self._current.get_wrapper_attr("task")

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Draw an environment, and start an episode in it.

        Raises:
            ValueError: If an option does not fit, or no environment plays the task asked for.
        """
        super().reset(seed=seed)
        drawn = int(self._edges.searchsorted(self.np_random.random(), side="right"))
        own_seed = int(self.np_random.integers(2**31))
        self._current = self._player(options) if options and options.keys() & {"task", "task_id"} else self.envs[drawn]
        return self._current.reset(seed=own_seed, options=options)

    def _player(self, options: Mapping[str, Any]) -> gymnasium.Env[str, str]:
        task = options.get("task")
        if isinstance(task, Mapping):
            task = Task.from_dict(task)
        family = (
            task.family if isinstance(task, Task) else TaskId.parse(options.get("task_id", "")).kind.partition(".")[0]
        )
        for env in self.envs:
            if env.get_wrapper_attr("family").name == family:
                return env
        raise ValueError(f"no environment of this mixture plays tasks of family {family!r}")

    def step(self, action: str) -> tuple[str, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the environment of the episode."""
        return self._current.step(action)

    def render(self) -> Any:
        """Render the environment of the episode."""
        return self._current.render()

    def close(self) -> None:
        """Close all environments."""
        for env in self.envs:
            env.close()
