"""Floor 3: who learns. A readable GRPO agent for the environments of `rlvr_envs`."""
