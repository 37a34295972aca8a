"""`LLMVectorEnv`: a batch of language environments, with groups for GRPO and send/recv for uneven latencies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from rlvr_envs.envs.language_env import LanguageEnv
from rlvr_envs.envs.mixture import EnvMixture
from rlvr_envs.vector.infos import batch_infos

Env = gymnasium.Env[str, str]
Arrays = tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]
StepResult = tuple[str, float, bool, bool, dict[str, Any]]


class LLMVectorEnv(VectorEnv):
    """Plays n episodes side by side, in this process.

    Observations are a tuple of n strings, actions a sequence of n strings. By default there is no autoreset: a rollout
    batch is a set of episodes. An environment whose episode is over takes None as its action, until it is reset by
    `reset(options={"reset_mask": mask})`.

    Args:
        env_fns: One constructor per environment. Their spaces must be equal.
        autoreset_mode: `DISABLED`, `NEXT_STEP` or `SAME_STEP` of `gymnasium.vector.AutoresetMode`, or its value.

    Raises:
        ValueError: If there is no environment, their spaces differ, or the autoreset mode is unknown.
    """

    def __init__(
        self,
        env_fns: Sequence[Callable[[], Env]],
        autoreset_mode: AutoresetMode | str = AutoresetMode.DISABLED,
    ):
        if not env_fns:
            raise ValueError("a vector environment needs num_envs >= 1")
        self.envs = [env_fn() for env_fn in env_fns]
        self.num_envs = len(self.envs)
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        first = self.envs[0]
        self.metadata = {**first.metadata, "autoreset_mode": self.autoreset_mode}
        self.render_mode = first.render_mode
        self.single_observation_space = first.observation_space
        self.single_action_space = first.action_space
        for env in self.envs:
            if (env.observation_space, env.action_space) != (first.observation_space, first.action_space):
                raise ValueError(f"all environments need the spaces of the first, {env} has others")
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._group_size = 1
        self._over = np.ones(self.num_envs, dtype=bool)  # before the first reset no episode runs
        self._last: list[StepResult] = [("", 0.0, False, False, {})] * self.num_envs
        self._in_flight: dict[int, str] = {}

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Start episodes.

        Args:
            seed: None; an int s for s, s + 1, ... by group; or a list with one seed per group or per environment
                (then a group takes the seed of its first environment).
            options: `reset_mask`: bool array of n, the environments to reset (whole groups). `group_size`: G adjacent
                environments play copies of one task; it must divide n and holds until the next full reset.
                `task_ids`: one task id per group or per environment. All others go to the environments' `reset`.

        Returns:
            The n observations (of environments not reset, their last one) and the infos, with `group` numbering the
            groups.

        Raises:
            ValueError: If an argument does not fit.
        """
        options = dict(options or {})
        size = options.pop("group_size", None if "reset_mask" in options else 1)
        mask = self._check_mask(options.pop("reset_mask", None))
        if size is not None:
            self._group_size = self._check_group_size(size, mask)
        groups = mask.reshape(-1, self._group_size)
        if (groups.any(1) != groups.all(1)).any():
            raise ValueError(f"reset_mask must cover whole groups of {self._group_size}, got {mask}")
        seeds = self._per_group("seed", seed)
        task_ids = self._per_group("task_ids", options.pop("task_ids", None))
        infos: list[dict[str, Any] | None] = [None] * self.num_envs
        for i in map(int, mask.nonzero()[0]):
            group, member = divmod(i, self._group_size)
            if member:
                task = {"task": self.envs[i - member].get_wrapper_attr("task")}
                obs, info = self.envs[i].reset(options=task)
            else:
                own = options if task_ids[group] is None else {**options, "task_id": task_ids[group]}
                obs, info = self.envs[i].reset(seed=seeds[group], options=own)
            info["group"] = group
            self._last[i] = (obs, 0.0, False, False, info)
            self._in_flight.pop(i, None)
            infos[i] = info
        self._over[mask] = False
        return tuple(last[0] for last in self._last), batch_infos(infos)

    def _check_mask(self, mask: Any) -> np.ndarray:
        if mask is None:
            return np.ones(self.num_envs, dtype=bool)
        array = np.asarray(mask)
        if array.shape != (self.num_envs,) or array.dtype != bool or not array.any():
            raise ValueError(
                f"reset_mask must be a bool array of shape ({self.num_envs},) with a True, got {mask!r:.200}"
            )
        return array

    def _check_group_size(self, size: Any, mask: np.ndarray) -> int:
        if not isinstance(size, int | np.integer) or size < 1 or self.num_envs % size:
            raise ValueError(f"group_size must be an int >= 1 that divides num_envs={self.num_envs}, got {size!r}")
        if size > 1 and self.autoreset_mode is not AutoresetMode.DISABLED:
            raise ValueError("group_size > 1 needs autoreset_mode DISABLED: an autoreset would break its groups up")
        if size != self._group_size and not mask.all():
            raise ValueError("group_size can change only when all environments are reset")
        return int(size)

    def _per_group(self, name: str, values: Any) -> list[Any]:
        groups = self.num_envs // self._group_size
        if values is None:
            return [None] * groups
        if name == "seed" and isinstance(values, int | np.integer):
            return [int(values) + group for group in range(groups)]
        if (
            isinstance(values, str | bytes)
            or not hasattr(values, "__len__")
            or len(values) not in (groups, self.num_envs)
        ):
            raise ValueError(
                f"{name} must hold {groups} values (one per group) or {self.num_envs}, got {values!r:.200}"
            )
        step = 1 if len(values) == groups else self._group_size
        return list(values)[::step]

    def step(self, actions: Sequence[str | None]) -> Arrays:
        """Judge one action per environment.

        Args:
            actions: n texts; None for environments whose episode is over (without autoreset).

        Returns:
            Observations (tuple of n str), rewards (float64), terminated, truncated (bool) and infos. An environment
            that got None repeats its end with an empty observation, reward 0 and no info.

        Raises:
            ValueError: If the number of actions is wrong, or actions are in flight.
            ResetNeeded: If a text is given to an environment whose episode is over.
        """
        if isinstance(actions, str | bytes) or not hasattr(actions, "__len__") or len(actions) != self.num_envs:
            raise ValueError(f"step takes a sequence of {self.num_envs} texts, got {actions!r:.200}")
        if self._in_flight:
            raise ValueError("actions are in flight: call recv() before step()")
        if self.autoreset_mode is AutoresetMode.DISABLED:
            running = [i for i, action in enumerate(actions) if not (action is None and self._over[i])]
            self._need_running(running)
        results: list[StepResult] = []
        infos: list[dict[str, Any] | None] = []
        for i, action in enumerate(actions):
            if not self._over[i]:
                result = self._step_one(i, action)
            elif self.autoreset_mode is AutoresetMode.NEXT_STEP:
                result = self._autoreset(i)
            elif self.autoreset_mode is AutoresetMode.SAME_STEP:
                raise ResetNeeded("call reset() before step()")
            else:
                results.append(("", 0.0, self._last[i][2], self._last[i][3], {}))
                infos.append(None)
                continue
            if self.autoreset_mode is AutoresetMode.SAME_STEP and (result[2] or result[3]):
                obs, reward, terminated, truncated, info = result
                new_obs, _, _, _, new_info = self._autoreset(i)
                result = (new_obs, reward, terminated, truncated, {**new_info, "final_obs": obs, "final_info": info})
            results.append(result)
            infos.append(result[4])
        return _stack(results, infos)

    def _step_one(self, i: int, action: Any) -> StepResult:
        obs, reward, terminated, truncated, info = self.envs[i].step(action)
        info["group"] = i // self._group_size
        self._over[i] = terminated or truncated
        self._last[i] = (obs, float(reward), terminated, truncated, info)
        return self._last[i]

    def _autoreset(self, i: int) -> StepResult:
        if not self._last[i][4]:
            raise ResetNeeded("call reset() before step()")
        obs, info = self.envs[i].reset()
        info["group"] = i
        self._over[i] = False
        self._last[i] = (obs, 0.0, False, False, info)
        return self._last[i]

    def _need_running(self, env_ids: Sequence[int]) -> None:
        over = [int(i) for i in env_ids if self._over[i]]
        if over:
            raise ResetNeeded(
                f"environments {over[:10]} have no running episode: reset them with "
                "reset(options={'reset_mask': mask}), or give None as their action"
            )

    def send(self, actions: Sequence[str], env_ids: Sequence[int]) -> None:
        """Hand actions to some environments; `recv` gives the results as they are ready.

        Args:
            actions: One text for each of `env_ids`.
            env_ids: Different environments, none of them in flight or with its episode over.

        Raises:
            ValueError: If the arguments do not fit.
            ResetNeeded: If an environment has no running episode.
        """
        ids = [int(i) for i in env_ids]
        if isinstance(actions, str | bytes) or len(actions) != len(ids) or len(set(ids)) != len(ids):
            raise ValueError("send takes one action for each of env_ids, and each environment once")
        for i in ids:
            if not 0 <= i < self.num_envs or i in self._in_flight:
                raise ValueError(f"environment {i} is in flight or does not exist (num_envs={self.num_envs})")
        self._need_running(ids)
        self._in_flight.update(zip(ids, actions, strict=True))

    def recv(self, min_ready: int = 1, timeout: float | None = None) -> Arrays:
        """Results of environments in flight, as soon as at least `min_ready` are there.

        Args:
            min_ready: In [1, number in flight].
            timeout: Longest wait in seconds, None for no limit. In this process nothing is waited for.

        Returns:
            As `step`, for the ready environments only; `infos["env_id"]` names them.

        Raises:
            ValueError: If fewer than `min_ready` are in flight.
        """
        if not 1 <= min_ready <= len(self._in_flight):
            raise ValueError(f"min_ready must be in [1, {len(self._in_flight)}], the number in flight; got {min_ready}")
        ready = list(self._in_flight.items())
        self._in_flight.clear()
        results = [self._step_one(i, action) for i, action in ready]
        return _stack(results, [{**result[4], "env_id": i} for (i, _), result in zip(ready, results, strict=True)])

    async def astep(self, env_id: int, action: str) -> StepResult:
        """Step one environment; for trainers that run each episode as a coroutine.

        Raises:
            ValueError: If the environment is in flight or does not exist.
            ResetNeeded: If it has no running episode.
        """
        self.send([action], [env_id])
        return self._step_one(env_id, self._in_flight.pop(env_id))

    def render(self) -> tuple[Any, ...]:
        """Each environment's rendering."""
        return tuple(env.render() for env in self.envs)

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Each environment's attribute of this name, called if it is callable."""
        attributes = [env.get_wrapper_attr(name) for env in self.envs]
        return tuple(value(*args, **kwargs) if callable(value) else value for value in attributes)

    def close_extras(self, **kwargs: Any) -> None:
        """Close the environments."""
        for env in self.envs:
            env.close()


def _stack(results: Sequence[StepResult], infos: Sequence[dict[str, Any] | None]) -> Arrays:
    observations, rewards, terminated, truncated, _ = zip(*results, strict=True)
    return observations, np.array(rewards, float), np.array(terminated), np.array(truncated), batch_infos(infos)


def make_llm_vector_env(
    num_envs: int = 1,
    autoreset_mode: AutoresetMode | str = AutoresetMode.DISABLED,
    env_fn: Callable[..., Env] = LanguageEnv,
    ids: Sequence[str] | None = None,
    weights: Sequence[float] | None = None,
    **kwargs: Any,
) -> LLMVectorEnv:
    """What `gymnasium.make_vec` calls for our ids.

    Args:
        num_envs: Number of environments, >= 1.
        autoreset_mode: See `LLMVectorEnv`.
        env_fn: Constructor of one environment.
        ids: Environment ids to mix: each episode plays one of them. Takes the place of `env_fn`.
        weights: Their weights, equal by default.
        **kwargs: Passed to each constructor.

    Raises:
        ValueError: If an argument is not valid.
    """
    if not isinstance(num_envs, int) or num_envs < 1:
        raise ValueError(f"num_envs must be an int >= 1, got {num_envs!r}")
    if ids is not None:
        kwargs = {name: value for name, value in kwargs.items() if name not in ("family", "kind")}  # the ids say them
        return LLMVectorEnv([lambda: EnvMixture(ids, weights, **kwargs)] * num_envs, autoreset_mode)
    if weights is not None:
        raise ValueError("weights go with ids")
    return LLMVectorEnv([lambda: env_fn(**kwargs)] * num_envs, autoreset_mode)
