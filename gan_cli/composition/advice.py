"""What to do where a setting of other programs has no counterpart of its own here."""

_DATA = "The program feeds the data itself, so no workers are needed"
_CORES = "hydra.launcher.cores=N says how many cores a sweep takes."
_NAMED = "A run is named by its directory: hydra.run.dir=DIR."
_LABELS = "A training does not see labels: there is no conditional GAN here."
_BOARD = "Every run writes files for TensorBoard: gan look RUN shows them."
_DEVICES = "devices=N or devices=all divides a training; CUDA_VISIBLE_DEVICES says which there are."
_HALF = "precision=bfloat16 computes in 16 bits."
_RESUME = "A run is resumed by an option: gan train --resume RUN."
_BEST = "No training ends early. checkpoints.best=METRIC/NUMBER keeps the best state."
_CHANNELS = "The data decides it; dataset=images has dataset.colour=grey or rgb."
_GRADIENTS = "Gradients are not clipped; objective=wgan clips the weights of D to objective.clip."
_OWN_FILE = "A file of your own in DIR/experiment/NAME.yaml: --config-dir DIR experiment=NAME."

_EPOCHS = (
    "Training is counted in steps, each with one minibatch for G: write steps=N, where N is "
    "epochs * examples / batch_size."
)

ADVICE = {
    "accelerator": "The device is chosen by device=gpu, cpu or tpu.",
    "amp": _HALF,
    "betas": "Each has a key of its own: optimizer.b1 and optimizer.b2.",
    "channels": _CHANNELS,
    "class_conditional": _LABELS,
    "clip_grad": _GRADIENTS,
    "conditional": _LABELS,
    "config": _OWN_FILE,
    "config_file": _OWN_FILE,
    "cores": _CORES,
    "cuda": "device=gpu trains on a GPU.",
    "debug": "gan --traceback train ... shows where an error arose.",
    "distributed": _DEVICES,
    "dry_run": "It is an option: gan train --dry-run.",
    "early_stopping": _BEST,
    "epoch": _EPOCHS,
    "epochs": _EPOCHS,
    "exp_name": _NAMED,
    "experiment_name": _NAMED,
    "fp16": _HALF,
    "gpu": "device=gpu trains on a GPU.",
    "gpu_id": _DEVICES,
    "gpu_ids": _DEVICES,
    "gpus": _DEVICES,
    "grad_clip": _GRADIENTS,
    "gradient_clip": _GRADIENTS,
    "half": _HALF,
    "in_channels": _CHANNELS,
    "jobs": _CORES,
    "kimg": _EPOCHS,
    "max_epochs": _EPOCHS,
    "mixed_precision": _HALF,
    "multirun": "It is an option: gan train -m.",
    "n_classes": _LABELS,
    "n_epochs": _EPOCHS,
    "n_gpu": _DEVICES,
    "n_jobs": _CORES,
    "n_threads": _CORES,
    "name": _NAMED,
    "nc": _CHANNELS,
    "ngpu": _DEVICES,
    "num_channels": _CHANNELS,
    "num_classes": _LABELS,
    "num_epochs": _EPOCHS,
    "num_gpus": _DEVICES,
    "num_threads": _CORES,
    "num_workers": f"{_DATA}; hydra.launcher.cores=N is for the members of a sweep.",
    "patience": _BEST,
    "pin_memory": f"{_DATA}.",
    "pretrained": _RESUME,
    "project": _NAMED,
    "restore": _RESUME,
    "resume": _RESUME,
    "resume_from": _RESUME,
    "run_name": _NAMED,
    "shuffle": "Every epoch is shuffled anew, by the seed.",
    "tag": _NAMED,
    "tensorboard": _BOARD,
    "threads": _CORES,
    "use_cuda": "device=gpu trains on a GPU.",
    "wandb": _BOARD,
    "weight_decay": "No optimizer here decays weights; regularizer=[r1,r2] penalises slopes of D.",
    "workers": f"{_DATA}; hydra.launcher.cores=N is for the members of a sweep.",
}
"""A sentence by the word that people write."""
