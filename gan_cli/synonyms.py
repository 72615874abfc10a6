"""What other programs and papers call things, and which of several names a word resembles."""

import difflib
import re
from collections.abc import Collection

SYNONYMS = {
    "arch": ("architecture",),
    "batch": ("batch_size",),
    "batchsize": ("batch_size",),
    "beta1": ("b1",),
    "beta2": ("b2",),
    "bf16": ("bfloat16",),
    "bs": ("batch_size",),
    "ckpt": ("checkpoints",),
    "clip_value": ("clip",),
    "cuda": ("gpu",),
    "d_lr": ("optimizer.discriminator.learning_rate",),
    "data": ("dataset",),
    "data_dir": ("root",),
    "data_root": ("root",),
    "dataroot": ("root",),
    "dtype": ("precision",),
    "ema_decay": ("ema",),
    "epoch": ("steps",),
    "epochs": ("steps",),
    "fp16": ("bfloat16",),
    "fp32": ("float32",),
    "g_lr": ("optimizer.generator.learning_rate",),
    "gp": ("gradient_penalty",),
    "iterations": ("steps",),
    "iters": ("steps",),
    "lambda": ("weight", "penalty"),
    "lambda_gp": ("penalty", "weight"),
    "latent_dim": ("latent",),
    "latent_size": ("latent",),
    "logdir": ("hydra.run.dir",),
    "loss": ("objective",),
    "lr": ("learning_rate",),
    "lr_d": ("optimizer.discriminator.learning_rate",),
    "lr_g": ("optimizer.generator.learning_rate",),
    "lsgan": ("least_squares",),
    "max_steps": ("steps",),
    "model": ("architecture",),
    "n_critic": ("k",),
    "n_steps": ("steps",),
    "ncritic": ("k",),
    "net": ("architecture",),
    "network": ("architecture",),
    "niter": ("steps",),
    "nsgan": ("non_saturating",),
    "num_epochs": ("steps",),
    "num_iterations": ("steps",),
    "num_steps": ("steps",),
    "nz": ("latent",),
    "opt": ("optimizer",),
    "optim": ("optimizer",),
    "out": ("hydra.run.dir",),
    "out_dir": ("hydra.run.dir",),
    "outdir": ("hydra.run.dir",),
    "output": ("hydra.run.dir",),
    "output_dir": ("hydra.run.dir",),
    "pac": ("packing",),
    "ragan": ("relativistic_average",),
    "random_seed": ("seed",),
    "reg": ("regularizer",),
    "rpgan": ("relativistic",),
    "sgan": ("minimax",),
    "sn": ("spectral_norm",),
    "train_steps": ("steps",),
    "total_steps": ("steps",),
    "vanilla": ("minimax",),
    "z_dim": ("latent",),
    "zdim": ("latent",),
}
"""The names here for a word that people know from elsewhere, the likeliest first."""


def same(word: str, names: Collection[str]) -> str | None:
    """The name that a word stands for in another spelling, or as a word for the same thing.

    Args:
        word: what was written; of a dotted key the last part may differ.
        names: what could have been written.
    """
    head, dot, last = re.sub(r":\d+$", "", word.casefold()).rpartition(".")
    spelled = {name.casefold().replace("-", "_"): name for name in names}
    last = last.replace("-", "_")
    wanted = (f"{head}{dot}{other}" for other in (last, *SYNONYMS.get(last, ())))
    return next((spelled[each] for each in wanted if each in spelled), None)


def closest(word: str, names: Collection[str]) -> str | None:
    """The name that a word resembles most; None where it resembles none.

    Of dotted keys that differ in the last part alone, only that part is compared.
    """
    if found := same(word, names):
        return found
    head, dot, last = word.rpartition(".")
    beside = {name.rpartition(".")[2]: name for name in names if name.startswith(head + dot)}
    if dot and beside:
        close = difflib.get_close_matches(last, beside, n=1, cutoff=0.65)
        return beside[close[0]] if close else None
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.65)
    return close[0] if close else None
