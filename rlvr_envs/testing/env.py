"""The check `env`: an environment id keeps Gymnasium's contract and ours."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env as gymnasium_check_env

from rlvr_envs.testing.compare import difference
from rlvr_envs.testing.result import CheckFailure, CheckResult, run_check

_STEPS = 30
_SEEDS = 12
_ENVS = 4

Env = gymnasium.Env[Any, Any]
Make = Callable[[], Env]


def check_env(env_id: str) -> CheckResult:
    """Check one registered environment id.

    Gymnasium's own checker with every warning a failure; the spec survives JSON; two rollouts from one seed are equal;
    seeds do what they say; and the vector environment plays what single environments play.
    """

    def body() -> None:
        def make(**kwargs: Any) -> Env:
            return gymnasium.make(env_id, **kwargs)

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            _gymnasium_checker(env_id)
            _spec_round_trip(env_id)
            check_rollouts(make, env_id)
            check_seeds(make, env_id)
            _vector_agreement(env_id)
        if caught:
            raise CheckFailure(
                f"a {caught[0].category.__name__} was issued: {caught[0].message!s:.300}",
                "An environment works without warnings",
                env_id,
            )

    return run_check("env", env_id, body)


def _gymnasium_checker(env_id: str) -> None:
    try:
        gymnasium_check_env(gymnasium.make(env_id).unwrapped)
    except Exception as error:
        raise CheckFailure(
            f"gymnasium.utils.env_checker.check_env: {type(error).__name__}: {error!s:.400}",
            "See Gymnasium's page on creating environments",
            env_id,
        ) from error


def _spec_round_trip(env_id: str) -> None:
    env = gymnasium.make(env_id)
    assert env.spec is not None
    try:
        rebuilt = gymnasium.make(EnvSpec.from_json(env.spec.to_json()))
    except Exception as error:
        raise CheckFailure(
            f"the spec does not survive JSON: {type(error).__name__}: {error}",
            "Register string entry points and plain keyword arguments",
            env_id,
        ) from error
    found = difference(env.reset(seed=3), rebuilt.reset(seed=3))
    if found:
        raise CheckFailure(
            f"rebuilt from its spec it starts otherwise: {found}", "Keep all arguments in kwargs", env_id
        )


def check_rollouts(make: Make, name: str = "environment") -> None:
    """Two environments with equal seeds and actions return equal things, step for step.

    Raises:
        CheckFailure: If they do not.
    """
    one, two = make(), make()
    one.action_space.seed(5)
    actions = [one.action_space.sample() for _ in range(_STEPS)]
    seed: int | None = 11
    over = True
    for step, action in enumerate(actions):
        if over:
            _need_equal(one.reset(seed=seed), two.reset(seed=seed), f"at the reset before step {step}", name)
            seed = None
        a, b = one.step(action), two.step(action)
        _need_equal(a, b, f"at step {step}", name)
        over = bool(a[2] or a[3])
    one.close()
    two.close()


def _need_equal(a: Any, b: Any, when: str, name: str) -> None:
    found = difference(a, b)
    if found:
        raise CheckFailure(
            f"two environments with one seed differ {when}: {found}",
            "Draw from `self.np_random` only, and keep clocks, ids and addresses out of info",
            name,
        )


def check_seeds(make: Make, name: str = "environment") -> None:
    """`reset(seed)` starts the same stream each time, different seeds different ones that share no task.

    Raises:
        CheckFailure: If they do not.
    """
    env = make()
    streams = [_stream(env, seed) for seed in range(_SEEDS)]
    _need_equal(streams[0], _stream(env, 0), "when reset(seed=0) is called again", name)
    _need_equal(streams[1], _stream(make(), 1), "when another one is reset with seed 1", name)
    if any(len(set(stream)) < 2 for stream in streams):
        raise CheckFailure(
            "reset() without a seed draws the same task again and again",
            "Seed the stream only if a seed is given",
            name,
        )
    met: dict[str, int] = {}
    for seed, stream in enumerate(streams):
        for task_id in stream:
            if met.setdefault(task_id, seed) != seed:
                raise CheckFailure(
                    f"seeds {met[task_id]} and {seed} both draw {task_id}",
                    "Hash seeds (np.random.SeedSequence); never add to them",
                    name,
                )
    env.close()


def _stream(env: Env, seed: int) -> list[str]:
    infos = [env.reset(seed=seed)[1], *(env.reset()[1] for _ in range(4))]
    return [info["task_id"] for info in infos]


def _vector_agreement(env_id: str) -> None:
    seed = 23
    vector = gymnasium.make_vec(env_id, num_envs=_ENVS)
    singles = [gymnasium.make(env_id) for _ in range(_ENVS)]
    observations, infos = vector.reset(seed=seed)
    rows = [env.reset(seed=seed + i) for i, env in enumerate(singles)]
    _need_rows(env_id, "reset", observations, infos, rows)
    actions = ["", *(f"<answer>{i}</answer>" for i in range(1, _ENVS))]
    observations, rewards, terminated, truncated, infos = vector.step(actions)
    steps = [env.step(action) for env, action in zip(singles, actions, strict=True)]
    _need_rows(env_id, "step", observations, infos, [(step[0], step[4]) for step in steps])
    for name, array, column in (("rewards", rewards, 1), ("terminated", terminated, 2), ("truncated", truncated, 3)):
        single = [step[column] for step in steps]
        if array.tolist() != single:
            raise CheckFailure(
                f"{name} of the vector environment are {array.tolist()}, of single ones {single}",
                "Make them agree",
                env_id,
            )
    vector.close()


def _need_rows(env_id: str, when: str, observations: Any, infos: dict[str, Any], rows: list[Any]) -> None:
    advice = "The vector environment must play what single environments with seeds s, s + 1, ... play"
    for i, (obs, info) in enumerate(rows):
        found = difference(observations[i], obs, "the observation")
        row = {key: row_of(value, i) for key, value in infos.items() if not key.startswith("_") and key != "group"}
        found = found or difference(row, info, "info")
        if found:
            raise CheckFailure(f"environment {i} of the vector differs at {when}: {found}", advice, env_id)


def row_of(value: Any, i: int) -> Any:
    """Entry `i` of a batched info value, as the Python value that went in."""
    if isinstance(value, dict):
        return {key: row_of(part, i) for key, part in value.items() if not key.startswith("_")}
    entry = value[i]
    return entry.item() if hasattr(entry, "item") else entry
