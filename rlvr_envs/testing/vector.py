"""The check `vector`: our vector environment against Gymnasium's, in all three autoreset modes, and its own extras."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from rlvr_envs.testing.compare import difference
from rlvr_envs.testing.result import CheckFailure, CheckResult, run_check

_ENVS = 4
_STEPS = 9
_SEED = 31
_MAX_TURNS = 2


def check_vector_env(env_id: str) -> CheckResult:
    """Check the vector environment of one registered id.

    Against `gymnasium.vector.SyncVectorEnv` of the same id it returns the same observations, rewards, flags and infos
    (which have `group` besides) in all three autoreset modes. Groups play one task, `reset_mask` resets what it says,
    and `send`/`recv` and `astep` give what `step` gives.
    """

    def body() -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for mode in AutoresetMode:
                _against_sync(env_id, mode)
            _groups(env_id)
            _reset_mask(env_id)
            _send_recv(env_id)
        if caught:
            raise CheckFailure(f"a warning was issued: {caught[0].message!s:.300}", "Mend what causes it", env_id)

    return run_check("vector", env_id, body)


def _make(env_id: str, **kwargs: Any) -> Any:
    return gymnasium.make_vec(env_id, num_envs=_ENVS, max_turns=_MAX_TURNS, **kwargs).unwrapped


def _need(condition: bool, env_id: str, happened: str, advice: str) -> None:
    if not condition:
        raise CheckFailure(happened, advice, env_id)


def _need_same(a: Any, b: Any, env_id: str, what: str, when: str) -> None:
    found = difference(a, b, what)
    _need(not found, env_id, f"{when}: {found}", "Make both agree")


def _actions(vector: Any, step: int) -> list[str]:
    """Right and wrong answers by turns, so that episodes end at different steps."""
    actions = []
    for i, env in enumerate(vector.envs):
        right = (step + i) % 3 == 0
        actions.append(env.unwrapped.task.solution if right else f"<answer>@{step}</answer>")
    return actions


def _against_sync(env_id: str, mode: AutoresetMode) -> None:
    ours = _make(env_id, autoreset_mode=mode)
    sync = SyncVectorEnv([lambda: gymnasium.make(env_id, max_turns=_MAX_TURNS)] * _ENVS, autoreset_mode=mode)
    when = f"with autoreset {mode.name}, against SyncVectorEnv"
    _need(ours.metadata["autoreset_mode"] is mode, env_id, f"{when}: metadata says otherwise", "Declare the mode")
    _compare_infos(ours.reset(seed=_SEED), sync.reset(seed=_SEED), env_id, f"{when}, at reset")
    ended = 0
    for step in range(_STEPS):
        actions = _actions(ours, step)
        a, b = ours.step(actions), sync.step(actions)
        for what, x, y in zip(("rewards", "terminated", "truncated"), a[1:4], b[1:4], strict=True):
            _need_same(x, y, env_id, what, f"{when}, at step {step}")
        _compare_infos((a[0], a[4]), (b[0], b[4]), env_id, f"{when}, at step {step}")
        over = a[2] | a[3]
        ended += int(over.sum())
        if mode is AutoresetMode.DISABLED and over.any():
            seeds: list[int | None] = [100 * step + i for i in range(_ENVS)]
            starts = [v.reset(seed=seeds, options={"reset_mask": over.copy()}) for v in (ours, sync)]
            _compare_infos(starts[0], starts[1], env_id, f"{when}, at reset with a mask after step {step}")
    _need(ended >= _ENVS, env_id, f"{when}: only {ended} episodes ended in {_STEPS} steps", "An answer must end a turn")
    ours.close()
    sync.close()


def _compare_infos(ours: Any, sync: Any, env_id: str, when: str) -> None:
    _need_same(tuple(ours[0]), tuple(sync[0]), env_id, "observations", when)
    _need_same(_without_group(ours[1]), sync[1], env_id, "infos", when)


def _without_group(infos: dict[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in infos.items() if key not in ("group", "_group")}
    if "final_info" in plain:
        plain["final_info"] = _without_group(plain["final_info"])
    return plain


def _groups(env_id: str) -> None:
    vector = _make(env_id)
    observations, infos = vector.reset(seed=_SEED, options={"group_size": 2})
    tasks = infos["task_id"].tolist()
    advice = "With group_size G, G adjacent environments play one task and groups play different ones"
    _need(tasks[0] == tasks[1] and tasks[2] == tasks[3], env_id, f"members of a group play {tasks}", advice)
    _need(tasks[0] != tasks[2], env_id, f"two groups play the same task {tasks[0]}", advice)
    _need(observations[0] == observations[1], env_id, "members of a group see different prompts", advice)
    _need(infos["group"].tolist() == [0, 0, 1, 1], env_id, f"info['group'] is {infos['group'].tolist()}", advice)
    _, rewards, terminated, _, _ = vector.step([_solution(vector, 0), "", "", _solution(vector, 3)])
    _need(rewards.tolist() == [1.0, 0.0, 0.0, 1.0], env_id, f"members earn {rewards.tolist()}", "Judge each on its own")
    _need(
        terminated.tolist() == [True, False, False, True], env_id, f"they end {terminated.tolist()}", "End each alone"
    )
    ids = [infos["task_id"][2], infos["task_id"][0]]
    _, again = vector.reset(options={"group_size": 2, "task_ids": ids})
    _need(again["task_id"].tolist() == [ids[0]] * 2 + [ids[1]] * 2, env_id, "task_ids were not played", advice)
    vector.close()


def _solution(vector: Any, i: int) -> str:
    return vector.envs[i].unwrapped.task.solution


def _reset_mask(env_id: str) -> None:
    vector = _make(env_id)
    first, _ = vector.reset(seed=_SEED)
    vector.step([_solution(vector, 0), "", _solution(vector, 2), ""])
    over = np.array([True, False, True, False])
    after, infos = vector.reset(options={"reset_mask": over})
    advice = "reset_mask resets the environments it marks and no other"
    _need(infos["_task_id"].tolist() == over.tolist(), env_id, "infos are not of the marked ones", advice)
    _need(after[0] != first[0] and after[2] != first[2], env_id, "a marked environment got no new task", advice)
    _, rewards, terminated, _, infos = vector.step([_solution(vector, i) for i in range(_ENVS)])
    _need(rewards.tolist() == [1.0] * _ENVS and bool(terminated.all()), env_id, f"then they earn {rewards}", advice)
    _need(infos["turn"].tolist() == [1, 2, 1, 2], env_id, f"then turns are {infos['turn'].tolist()}", advice)
    vector.close()


def _send_recv(env_id: str) -> None:
    stepped, sent, awaited = _make(env_id), _make(env_id), _make(env_id)
    for vector in (stepped, sent, awaited):
        vector.reset(seed=_SEED)
    actions = _actions(stepped, 0)
    obs, rewards, terminated, truncated, infos = stepped.step(actions)
    order = [2, 0, 1, 3]
    sent.send([actions[i] for i in order[:1]], order[:1])
    sent.send([actions[i] for i in order[1:]], order[1:])
    received = 0
    while received < _ENVS:
        result = sent.recv(min_ready=1)
        for row, i in enumerate(result[4]["env_id"].tolist()):
            received += 1
            pairs = ((result[0], obs), (result[1], rewards), (result[2], terminated), (result[3], truncated))
            for got, wanted in (*pairs, (result[4]["status"], infos["status"])):
                _need(got[row] == wanted[i], env_id, f"recv gives {got[row]!r}, step {wanted[i]!r}", "Make both agree")

    async def play() -> list[Any]:
        return await asyncio.gather(*(awaited.astep(i, actions[i]) for i in order))

    for i, result in zip(order, asyncio.run(play()), strict=True):
        wanted = (obs[i], float(rewards[i]), bool(terminated[i]), bool(truncated[i]))
        got = (result[0], float(result[1]), bool(result[2]), bool(result[3]))
        _need(got == wanted, env_id, f"astep gives {got!r}, step {wanted!r}", "Make both agree")
        _need(
            result[4]["status"] == infos["status"][i], env_id, "astep gives another status than step", "Make both agree"
        )
    for vector in (stepped, sent, awaited):
        vector.close()
