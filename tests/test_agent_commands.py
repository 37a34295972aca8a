"""`rlvr train` and `rlvr eval`, as a user calls them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("torch")

from rlvr_agents.chat import ChatModel, roll_out_chat  # noqa: E402
from rlvr_agents.commands import EVAL, TRAIN  # noqa: E402
from rlvr_agents.config import TrainConfig  # noqa: E402
from rlvr_agents.grpo import make_env  # noqa: E402
from rlvr_agents.sampler import SamplingParams  # noqa: E402
from rlvr_envs.core.trajectory import load_trajectories  # noqa: E402
from task_generators import catalog  # noqa: E402

TINY = (
    "--kind addition --level 0 --hidden-size 32 --layers 1 --heads 2 --no-warm-start --steps 1 --prompts 2 "
    "--group-size 2 --max-tokens 8 --eval-tasks 3 --eval-samples 2"
).split()


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    assert TRAIN(["quick", *TINY, "--name", "tiny", "--out-dir", str(out)]) == 0
    return out / "tiny" / "checkpoint"


def test_train_prints_before_and_after_with_intervals(checkpoint, capsys, tmp_path):
    TRAIN(["quick", *TINY, "--out-dir", str(tmp_path)])
    out = capsys.readouterr().out
    assert "held-out pass@1 before GRPO: " in out
    assert out.count("**Before**") == out.count("**After**") == 3
    assert "[" in out.split("held-out pass@1: ")[1], "intervals"


def test_eval_takes_its_settings_from_the_run(checkpoint, capsys, tmp_path):
    out = tmp_path / "t.jsonl"
    assert EVAL([str(checkpoint), "--tasks", "4", "--samples", "2", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "pass@2" in printed
    trajectories = list(load_trajectories(out))
    assert len(trajectories) == 8
    assert all(t.task_id.startswith("math.addition@1:eval:0:") for t in trajectories)


def test_eval_of_several_kinds_has_a_row_for_each(checkpoint, capsys):
    EVAL([str(checkpoint), "--kind", "gcd,lcm", "--level", "0", "--tasks", "12", "--samples", "1"])
    printed = capsys.readouterr().out
    assert "math.gcd" in printed
    assert "math.lcm" in printed


@pytest.mark.parametrize("argv", [["nothing-here"], ["nothing-here", "--tasks", "2"]])
def test_eval_of_an_unknown_model_says_what_to_give(argv):
    with pytest.raises(ValueError, match="checkpoint"):
        EVAL(argv)


def test_train_with_an_unknown_recipe_names_the_recipes():
    with pytest.raises(ValueError, match="quickstart"):
        TRAIN(["no-such-recipe"])


# -------------------------------------------------------------------------------------------- an OpenAI-compatible URL


class Handler(BaseHTTPRequestHandler):
    """Answers right to even tasks, fails for good on prompts that the test marks."""

    answers: dict = {}
    failing: set = set()

    def log_message(self, *args):
        pass

    def _send(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self._send(200, {"object": "list", "data": [{"id": "stub", "object": "model", "created": 0, "owned_by": "x"}]})

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert request["messages"][0]["role"] == "system"
        prompt = request["messages"][1]["content"]
        if prompt in self.failing:
            self._send(400, {"error": {"message": "no"}})
            return
        turn = sum(m["role"] == "assistant" for m in request["messages"])
        message = {"role": "assistant", "content": self.answers[prompt] if turn else "hm"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self._send(200, {"id": "1", "object": "chat.completion", "created": 0, "model": "stub", "choices": [choice]})


@pytest.fixture
def server():
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}/v1"
    httpd.shutdown()


def test_chat_evaluation_plays_turns_and_marks_failed_requests_invalid(server):
    env = make_env(TrainConfig(kind="gcd", level=1, max_turns=2), 8, "eval")
    _, infos = env.reset(seed=0, options={"group_size": 2})
    tasks = [catalog.task(task_id) for task_id in infos["task_id"]]
    Handler.answers = {task.prompt: task.solution for task in tasks}
    Handler.failing = {tasks[2].prompt}
    episodes = roll_out_chat(
        env, ChatModel(server, retries=0), SamplingParams(32), env_id="rlvr/math-v0", group_size=2, seed=0
    )
    assert [t.task_id for t in episodes] == [task.id for task in tasks]
    for task, t in zip(tasks, episodes, strict=True):
        if task.prompt in Handler.failing:
            assert t.invalid
            assert not t.turns
        else:
            assert t.success
            assert [turn.verdict["status"] for turn in t.turns] == ["malformed", "correct"]
            assert t.turns[1].observation.startswith("That is not right")


def test_eval_of_a_url(server, capsys):
    Handler.failing = set()
    Handler.answers = {task.prompt: "x" for task in []}
    EVAL([server, "--kind", "gcd", "--tasks", "2", "--samples", "1"])
    assert "pass@1" in capsys.readouterr().out


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(ConnectionError, match="127.0.0.1:9"):
        ChatModel("http://127.0.0.1:9/v1", retries=0)
