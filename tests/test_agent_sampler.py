"""The sampler, the codec and the log-probabilities agree with one another and with transformers."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rlvr_agents.batch import make_batch, micro_batches  # noqa: E402
from rlvr_agents.codec import ChatCodec  # noqa: E402
from rlvr_agents.policy import embedded_policy, load_policy, response_logprobs  # noqa: E402
from rlvr_agents.sampler import HFSampler, SamplingParams  # noqa: E402
from rlvr_envs.core.trajectory import Trajectory  # noqa: E402

PROMPTS = ["What is 1 + 2?", "7?", "What is the greatest common divisor of 84 and 36?"]


@pytest.fixture(scope="module")
def policy():
    torch.set_num_threads(1)
    model, tokenizer = embedded_policy(hidden_size=32, layers=2, heads=2)
    with torch.no_grad():  # sharper than at birth, so that sequences end and a wrong mask would show
        for parameter in model.parameters():
            parameter.mul_(2.0)
    return model.eval(), ChatCodec(tokenizer)


def prompt_ids(codec):
    return [codec.prompt([{"role": "user", "content": text}]) for text in PROMPTS]


def test_tokenizer_keeps_every_printable_character_and_the_tags(policy):
    _, codec = policy
    text = "".join(map(chr, range(32, 127))) + "\n<answer>12</answer> x<answer>"
    ids = codec.tokenizer(text, add_special_tokens=False)["input_ids"]
    assert codec.text(ids) == text
    assert len(ids) == 95 + 1 + 4 + 3, "each tag is one token"


def test_tokenizer_survives_saving(policy, tmp_path):
    from transformers import AutoTokenizer

    _, codec = policy
    codec.tokenizer.save_pretrained(tmp_path)
    again = AutoTokenizer.from_pretrained(tmp_path)
    messages = [{"role": "system", "content": "s"}, {"role": "user", "content": "a <answer>"}]
    assert ChatCodec(again).prompt(messages) == codec.prompt(messages)


def test_continuation_only_appends(policy):
    _, codec = policy
    new = [{"role": "user", "content": "Again."}]
    finished = codec.continuation([5, codec.eos_id], new)
    cut_off = codec.continuation([5], new)
    assert cut_off == [codec.eos_id, *finished], "an answer that was cut off gets its end of turn"
    assert codec.text(finished) == "Again.\n"


def test_codec_needs_an_eos_token(policy):
    _, codec = policy
    broken = codec.tokenizer.__class__(tokenizer_object=codec.tokenizer.backend_tokenizer)
    with pytest.raises(ValueError, match="eos"):
        ChatCodec(broken)


def test_codec_gives_a_plain_template_to_base_models(policy):
    _, codec = policy
    plain = codec.tokenizer.__class__(tokenizer_object=codec.tokenizer.backend_tokenizer, eos_token="<eos>")
    assert plain.chat_template is None
    assert ChatCodec(plain).text(ChatCodec(plain).prompt([{"role": "user", "content": "Hi"}])) == "Hi\n"


def test_greedy_sampling_equals_generate(policy):
    model, codec = policy
    ours = HFSampler(model, codec.eos_id, codec.pad_id).generate(prompt_ids(codec), 2, SamplingParams(24, 0.0))
    for i, prompt in enumerate(prompt_ids(codec)):
        theirs = model.generate(torch.tensor([prompt]), do_sample=False, max_new_tokens=24, pad_token_id=codec.pad_id)
        expected = theirs[0, len(prompt) :].tolist()
        if codec.eos_id in expected:
            expected = expected[: expected.index(codec.eos_id) + 1]
        assert ours[2 * i].ids == ours[2 * i + 1].ids == expected


def trajectory(prompt, ids, logprobs):
    return Trajectory("e", "t", 0, prompt, ids, [1] * len(ids), logprobs, [], 0.0, False, False, "terminated")


@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_sampled_logprobs_equal_the_trainers(policy, temperature):
    model, codec = policy
    prompts = prompt_ids(codec)
    completions = HFSampler(model, codec.eos_id, codec.pad_id, seed=3).generate(
        prompts, 8, SamplingParams(20, temperature)
    )
    assert len({len(c.ids) for c in completions}) > 1, "rows of different length exercise the dropping of finished rows"
    rows = [trajectory(prompts[i // 8], c.ids, c.logprobs) for i, c in enumerate(completions)]
    batch = make_batch(rows, [0.0] * len(rows), codec.pad_id)
    logp, entropy = response_logprobs(model, batch.ids, batch.attention, batch.responses, temperature)
    gap = ((logp - batch.logp_old) * batch.mask).abs().max()
    assert gap < 1e-3
    assert (entropy[batch.mask > 0] >= 0).all()


def test_sampling_follows_the_distribution(policy):
    model, codec = policy
    prompt = prompt_ids(codec)[0]
    n = 6000
    draws = HFSampler(model, codec.eos_id, codec.pad_id, seed=1, max_rows=n).generate([prompt], n, SamplingParams(1))
    with torch.no_grad():
        p = model(torch.tensor([prompt])).logits[0, -1].softmax(-1).numpy()
    share = np.bincount([c.ids[0] for c in draws], minlength=len(p)) / n
    assert np.abs(share - p).max() < 5 * np.sqrt(0.25 / n)


def test_equal_seeds_sample_equally_and_rounds_do_not_matter_in_number(policy):
    model, codec = policy
    make = lambda seed, rows: HFSampler(model, codec.eos_id, codec.pad_id, seed=seed, max_rows=rows)  # noqa: E731
    a, b = (make(5, 64).generate(prompt_ids(codec), 4, SamplingParams(8)) for _ in range(2))
    assert [c.ids for c in a] == [c.ids for c in b]
    assert len(make(5, 4).generate(prompt_ids(codec), 4, SamplingParams(8))) == 12


def test_completions_end_with_eos_or_are_marked_unfinished(policy):
    model, codec = policy
    for c in HFSampler(model, codec.eos_id, codec.pad_id).generate(prompt_ids(codec), 16, SamplingParams(12)):
        assert c.finished == (c.ids[-1] == codec.eos_id)
        assert codec.eos_id not in c.ids[:-1]
        assert len(c.ids) == len(c.logprobs) <= 12
        assert c.finished or len(c.ids) == 12


@pytest.mark.parametrize("bad", [{"max_tokens": 0}, {"temperature": -1.0}, {"temperature": float("nan")}])
def test_bad_sampling_params(bad):
    with pytest.raises(ValueError, match="max_tokens"):
        SamplingParams(**bad)


def test_empty_prompt_is_refused(policy):
    model, codec = policy
    with pytest.raises(ValueError, match="at least one token"):
        HFSampler(model, codec.eos_id, codec.pad_id).generate([[]], 1, SamplingParams(2))


def test_a_hugging_face_folder_loads_and_unknown_names_say_what_to_do(policy, tmp_path):
    model, codec = policy
    model.save_pretrained(tmp_path)
    codec.tokenizer.save_pretrained(tmp_path)
    again, _ = load_policy(str(tmp_path))
    ids = torch.tensor([prompt_ids(codec)[0]])
    torch.testing.assert_close(again(ids).logits, model(ids).logits)
    with pytest.raises(ValueError, match="checkpoint"):
        load_policy(str(tmp_path / "nothing"))


def test_micro_batches_keep_all_rows_within_the_budget():
    rows = [trajectory([1] * (1 + i % 7), [2] * (1 + i % 5), [0.0] * (1 + i % 5)) for i in range(50)]
    parts = micro_batches(rows, list(range(50)), max_tokens=40)
    assert sorted(a for _, advantages in parts for a in advantages) == list(range(50))
    assert len(parts) > 1
    for part, _ in parts:
        width = max(len(t.prompt_ids) + len(t.ids) for t in part)
        assert len(part) * width <= 40
