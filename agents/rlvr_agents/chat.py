"""Evaluation of models behind an OpenAI-compatible URL: by chat messages, without tokens."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from rlvr_agents.sampler import SamplingParams
from rlvr_envs.core.trajectory import Trajectory, TurnRecord
from rlvr_envs.vector import LLMVectorEnv

Message = dict[str, str]


class ChatModel:
    """A model behind an OpenAI-compatible `/chat/completions`.

    Args:
        base_url: E.g. `http://localhost:8000/v1`.
        model: Name of the model there; None takes the first that the server lists.
        api_key_var: Environment variable that holds the key; servers of one's own need none.
        timeout: Seconds for one answer.
        retries: How often a failed request is sent again.

    Raises:
        ImportError: If the `openai` package is missing.
        ConnectionError: If the server cannot be reached to ask for its models.
    """

    def __init__(
        self,
        base_url: str,
        model: str | None = None,
        api_key_var: str = "OPENAI_API_KEY",
        timeout: float = 120.0,
        retries: int = 3,
    ):
        try:
            import openai
        except ImportError:
            raise ImportError('evaluating a URL needs the openai package: pip install "rlvr-envs[agent]"') from None
        self._client = openai.OpenAI(
            base_url=base_url, api_key=os.environ.get(api_key_var) or "none", timeout=timeout, max_retries=retries
        )
        try:
            self.model = model or self._client.models.list().data[0].id
        except (openai.APIError, IndexError) as error:
            raise ConnectionError(f"cannot list the models of {base_url}: {error}. Is the server up?") from error

    def complete(self, messages: Sequence[Message], params: SamplingParams) -> tuple[str, bool]:
        """One answer.

        Returns:
            Its text, and whether it ended by itself.

        Raises:
            openai.APIError: If the request fails for good.
        """
        response = self._client.chat.completions.create(
            model=self.model,
            messages=list(messages),  # type: ignore[arg-type]
            max_tokens=params.max_tokens,
            temperature=params.temperature,
        )
        choice = response.choices[0]
        return choice.message.content or "", choice.finish_reason != "length"


def roll_out_chat(
    env: LLMVectorEnv,
    model: ChatModel,
    params: SamplingParams,
    *,
    env_id: str,
    group_size: int,
    seed: int,
    concurrency: int = 16,
    progress: Callable[[], None] = lambda: None,
) -> list[Trajectory]:
    """Play one episode in every environment of the batch.

    An episode whose request fails for good is `invalid`, never wrong.

    Returns:
        Trajectories without tokens, in the order of the environments.
    """
    _, infos = env.reset(seed=seed, options={"group_size": group_size})
    chats: list[list[Message]] = [list(messages) for messages in infos["messages"]]
    turns: list[list[TurnRecord]] = [[] for _ in chats]
    ends: dict[int, tuple[bool, bool, str]] = {}  # success, invalid, stop reason

    def ask(i: int) -> tuple[str, bool] | None:
        try:
            return model.complete(chats[i], params)
        except Exception:  # whatever the network does is our fault, not the model's
            return None
        finally:
            progress()

    running = list(range(env.num_envs))
    with ThreadPoolExecutor(concurrency) as pool:
        while running:
            answers = dict(zip(running, pool.map(ask, running), strict=True))
            lost = [i for i, answer in answers.items() if answer is None]
            ends |= dict.fromkeys(lost, (False, True, "truncated"))
            still = []
            for i, answer in answers.items():
                if answer is None:
                    continue
                text, finished = answer
                env.send([text], [i])
                _, rewards, terminated, truncated, info = env.recv()
                verdict = {key: info[key][0] for key in ("status", "score", "failure", "detail")}
                verdict["score"] = float(verdict["score"])
                turns[i].append(TurnRecord(0, 0, float(rewards[0]), text, verdict, chats[i][-1]["content"]))
                chats[i].append({"role": "assistant", "content": text})
                if terminated[0] or truncated[0]:
                    reason = "truncated" if truncated[0] else "terminated" if finished else "length"
                    ends[i] = (bool(info["success"][0]), bool(info["invalid"][0]), reason)
                else:
                    chats[i] += info["messages"][0]
                    still.append(i)
            running = still
    return [
        Trajectory(
            env_id, str(infos["task_id"][i]), int(infos["group"][i]), [], [], [], [], turns[i],
            sum(turn.reward for turn in turns[i]), *ends[i],
        )
        for i in range(env.num_envs)
    ]  # fmt: skip
