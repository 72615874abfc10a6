"""The header of a training: what is trained, on what data, and what is odd about it."""

from gan_cli.config import JOINT, Experiment
from gan_cli.datasets import partition
from gan_cli.datasets.base import FiniteDataset
from gan_cli.prepared import Prepared
from gan_cli.training.state import count
from gan_cli.training.step import gradient_evaluations


def facts(prepared: Prepared) -> dict[str, str]:
    """What is being trained, in the words of the header."""
    experiment, abstract = prepared.experiment, prepared.abstract
    dataset, split = experiment.dataset, prepared.split
    form = " x ".join(str(side) for side in prepared.spec.shape)
    points = f"points in {form} dimension{'s' * (form != '1')}"
    if split is None:
        data = f"{points}, drawn anew for every batch"
    elif len(prepared.spec.shape) == 1:
        data = f"{len(split.examples):,} {points}"
    else:
        data = f"{len(split.examples):,} examples of {form}"
    steady = [f", packs of {m}"] if (m := experiment.architecture.packing) > 1 else []
    steady += [", spectral norm"] if experiment.architecture.spectral_norm else []
    g, d = (count(each.parameters) for each in (abstract.generator, abstract.discriminator))
    tuned = {"tuned": prepared.tuned} if prepared.tuned else {}
    return {
        "dataset": f"{dataset.name} ({data})",
        **remarks(prepared),
        "generator": f"{experiment.architecture.name}, {g:,} parameters",
        "discriminator": f"{experiment.architecture.name}, {d:,} parameters{''.join(steady)}",
        "objective": f"{experiment.objective.name} "
        f"(D measures the {experiment.objective.measures_in_words})",
        **_regularizer(experiment),
        "k": _updates(experiment),
        "training": f"{experiment.steps:,} steps of batch {experiment.batch_size}, "
        f"seed {experiment.seed}, {experiment.precision}",
        "device": _device(prepared),
    } | tuned


def _device(prepared: Prepared) -> str:
    """The kind of the device, and among how many of them minibatches are divided."""
    kind, count = prepared.device.platform, prepared.layout.size
    named = kind if kind == "cpu" else f"{kind} ({prepared.device.device_kind})"
    if count == 1:
        return named
    processes = prepared.layout.processes
    inside = f" in {processes} processes" if processes > 1 else ""
    return (
        f"{count} x {named}{inside}, each with {prepared.experiment.batch_size // count} of a batch"
    )


def _updates(experiment: Experiment) -> str:
    """What a step does, such as "2 D updates a step, alternating"."""
    if experiment.update in JOINT:
        weight = f" of weight {experiment.consensus_weight:g}"
        how = f"{experiment.update}{weight if experiment.update == 'consensus' else ''}"
        taken = gradient_evaluations(experiment)["generator"]
        return f"both players at once, {how}, {taken} gradients of each a step"
    updates = "update" if experiment.k == 1 else "updates"
    unrolled = f", G's gradient through {experiment.unroll} more" if experiment.unroll else ""
    return f"{experiment.k} D {updates} a step, {experiment.update}{unrolled}"


def _regularizer(experiment: Experiment) -> dict[str, str]:
    """The regularizers, each with its first setting, such as "r1 (weight 0.1)"."""
    told = []
    for name, each in experiment.regularizer.items():
        settings = list(vars(each).items())
        first = [f" ({key} {value:g})" for key, value in settings[:1] if isinstance(value, float)]
        told.append(f"{name}{''.join(first)}")
    return {"regularizer": ", ".join(told)} if told else {}


def remarks(prepared: Prepared) -> dict[str, str]:
    """What is odd about the user's data, if anything is.

    It says what of the files is left out, what is odd about the pixels, and that nothing is set
    aside to judge samples by.
    """
    dataset = prepared.experiment.dataset
    left_out = dataset.left_out if isinstance(dataset, FiniteDataset) else ""
    told = {"left out": left_out, "range": prepared.range, "judging": _unjudged(prepared)}
    return {name: text for name, text in told.items() if text}


def _unjudged(prepared: Prepared) -> str:
    """Why samples cannot be judged, of data whose settings set no examples aside."""
    dataset, split = prepared.experiment.dataset, prepared.split
    if (
        split is None
        or 0 not in partition.set_aside(dataset)
        or prepared.experiment.evaluate_end == "off"
    ):
        return ""
    assert isinstance(dataset, FiniteDataset)
    kept = partition.keeping(dataset, len(split.examples))
    return f"none, since no examples are set aside to judge by. {kept}"
