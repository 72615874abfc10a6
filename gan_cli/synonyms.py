"""What other programs and papers call things, and which of several names a word resembles."""

import difflib
import re
from collections.abc import Collection

PLACES = (
    "data_dir data_path data_root dataroot dataset_path dir file folder image_dir img_dir train_dir"
)

WORDS = {
    "activation": "act nonlinearity",
    "architecture": "arch model net network",
    "b1": "beta1",
    "b2": "beta2",
    "batch_size": "batch batch_size_train batchsize bs mbs minibatch train_batch_size",
    "bfloat16": "bf16 float16 fp16 half",
    "checkpoints": "ckpt",
    "checkpoints.every": (
        "checkpoint_every checkpoint_freq checkpoint_interval ckpt_every save_every save_freq "
        "save_interval save_steps snapshot_interval"
    ),
    "clip": "clip_value",
    "dataset": "data",
    "dcgan": "cnn conv",
    "dropout": "dropout_rate",
    "ema": "ema_beta ema_decay ema_rate use_ema",
    "evaluate_every": "eval_every eval_freq eval_interval eval_steps validate_every",
    "exponential": "exp",
    "fashion_mnist": "fashion fashionmnist fmnist",
    "filters": "base_channels ndf nf ngf num_filters",
    "float32": "fp32",
    "gpu": "cuda",
    "gradient_penalty": "gp",
    "grid": "25_gaussians 25gauss 25gaussian 25gaussians 25mog mog25",
    "hydra.run.dir": (
        "checkpoint_dir ckpt_dir log_dir logdir out out_dir outdir outf output output_dir "
        "output_path result_dir results_dir run_dir save_dir save_path work_dir workdir"
    ),
    "jensen_shannon": "js jsd",
    "k": (
        "critic_iters critic_steps d_iters d_steps disc_iters disc_steps discriminator_steps "
        "k_critic k_steps n_critic n_dis n_disc ncritic num_critic"
    ),
    "latent": (
        "code_dim latent_channels latent_dim latent_dims latent_size latents noise_dim "
        "noise_size nz z_dim z_size zdim"
    ),
    "learning_rate": "lr",
    "least_squares": "ls lsgan mse",
    "log_every": "log_freq log_interval log_steps logging_steps print_every print_freq",
    "metric": "metrics",
    "minimax": "bce saturating sgan vanilla",
    "mlp": "dense fc",
    "non_saturating": "bce gan ns nsgan",
    "objective": "algorithm criterion game gan_mode gan_type loss loss_type",
    "optimizer": "opt optim",
    "optimizer.discriminator.learning_rate": "d_lr disc_lr dlr learning_rate_d lr_d",
    "optimizer.generator.learning_rate": "g_lr gen_lr glr learning_rate_g lr_g",
    "optimizer.schedule.kind": "decay_type lr_decay lr_schedule lr_scheduler scheduler",
    "packing": "pac",
    "precision": "dtype",
    "regularizer": "reg",
    "regularizer.r1.weight": "r1_gamma r1_weight",
    "resume": "continue load load_checkpoint restart restore",
    "relativistic": "rpgan rsgan",
    "relativistic_average": "ragan",
    "reverse_kl": "kl_reverse reversed_kl rkl",
    "ring": (
        "8_gaussians 8gauss 8gaussian 8gaussians 8mog eight_gaussians gmm mixture_of_gaussians "
        "mog mog8"
    ),
    "sample_every": "image_every plot_every sample_freq sample_interval",
    "samples": "n_sample n_samples num_samples",
    "seed": "manual_seed random_seed random_state rng_seed",
    "size": "image_size imagesize img_res img_size imsize resolution",
    "spectral_norm": "sn",
    "steps": (
        "iteration iterations iters max_iter max_iters max_steps n_iter n_iters n_steps niter "
        "num_iterations num_iters num_steps num_train_steps total_steps train_steps training_steps"
    ),
    "verbose": "verbosity",
    "wgan": "wasserstein",
    "wgan_gp": "wgangp",
    "widths": (
        "hidden hidden_dim hidden_dims hidden_size hidden_sizes hidden_units layers n_layers "
        "num_layers width"
    ),
    "path": PLACES,
    "root": PLACES,
    "weight": "lambda",
    "pearson": "chi2 chi_squared",
    "squared_hellinger": "hellinger",
    "total_variation": "tv",
    "wasserstein_1": "emd w1 wasserstein",
    "penalty": "gp_lambda gp_weight lambda lambda_gp lambda_term",
}
"""The words that people know from elsewhere, by what they stand for here."""

COMMAND_WORDS = {
    "birthday": "birthday_paradox diversity",
    "compare": "diff",
    "convergence": "proposition2 proposition_2",
    "describe": "explain help info man",
    "discrete": "bernoulli binomial categorical",
    "divergences": (
        "chi2 distance distances divergence emd hellinger js jsd kl mmd total_variation tv w1 "
        "wasserstein"
    ),
    "evaluate": "eval score test",
    "gaussian": "normal rbf squared_exponential",
    "global_optimum": "theorem1 theorem_1",
    "laplace": "laplacian",
    "look": "board dashboard tensorboard",
    "multirun": "grid_search multi sweep",
    "normal": "gauss gaussian n norm",
    "optimal_discriminator": "proposition1 proposition_1",
    "optimal_transport": "ot transport",
    "plot": "curves graph",
    "runs": "ls",
    "sample": "draw gen generate",
    "spectrum": "eigenvalues jacobian",
    "step": "learning_rate lr step_size",
    "tag": "metric scalar",
    "train": "fit run start",
}
"""The same for commands, for their options and for what these take."""

EVERY = [*WORDS.items(), *COMMAND_WORDS.items()]
SYNONYMS = {
    word: tuple(name for name, words in EVERY if word in words.split())
    for _, words in EVERY
    for word in words.split()
}
"""The names here for a word from elsewhere, the likeliest first."""


def same(word: str, names: Collection[str]) -> str | None:
    """The name that a word stands for in another spelling, or as a word for the same thing.

    Args:
        word: what was written; of a dotted key, or of a tag such as truth/js, the last part may
            differ.
        names: what could have been written.
    """
    head, dot, last = _parted(re.sub(r":\d+$", "", word.casefold()))
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
    if below := [name for name in names if name.startswith(f"{word}/")]:
        return min(below, key=lambda name: (name.count("/"), name))
    ends = {name.rpartition("/")[2]: name for name in names if "/" in name}
    if "/" not in word and (end := same(word, ends)):
        return ends[end]
    head, dot, last = word.rpartition(".")
    beside = {name.rpartition(".")[2]: name for name in names if name.startswith(head + dot)}
    if dot and beside:
        close = difflib.get_close_matches(last, beside, n=1, cutoff=0.65)
        return beside[close[0]] if close else None
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.65)
    return close[0] if close else None


def _parted(word: str) -> tuple[str, str, str]:
    """What stands before the last dot or slash of a word, that sign, and what stands after it."""
    found = re.fullmatch(r"(.*)([./])(.*)", word, re.DOTALL)
    return (found[1], found[2], found[3]) if found else ("", "", word)
