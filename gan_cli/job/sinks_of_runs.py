"""The sinks of runs that train together, and the recorder of each that hands results to them."""

import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import jax

from gan_cli.collapse import Watch
from gan_cli.job.best_checkpoint import BestCheckpoint
from gan_cli.job.hyperparameters import hyperparameters
from gan_cli.job.open_run import OpenRun
from gan_cli.job.probes import probes_of
from gan_cli.job.recorder import Recorder
from gan_cli.job.sample_pictures import picture, reference
from gan_cli.job.sinks import (
    Checkpoints,
    InPlace,
    Log,
    Metrics,
    Pictures,
    Sink,
    SummaryFile,
    TensorBoard,
)
from gan_cli.logs.tensorboard import EventFile
from gan_cli.logs.terminal import Terminal
from gan_cli.plots.samples import DRAWING
from gan_cli.runs import kept
from gan_cli.training.compilation import Compiling


@contextlib.contextmanager
def open_recorders(
    runs: Sequence[tuple[OpenRun, int | None]], terminal: Terminal, compiling: Compiling
) -> Iterator[list[Recorder]]:
    """Opens the recorders of runs, which share a thread; each run learns what they were told.

    Args:
        runs: the runs, each with its `purge_step`.
        terminal: shows the progress.
        compiling: times what the training's own thread compiles.
    """
    recorders: list[Recorder] = []
    with contextlib.ExitStack() as stack:
        on_device = jax.default_device(runs[0][0].prepared.device)  # every thread has its own
        thread = stack.enter_context(
            ThreadPoolExecutor(1, thread_name_prefix="recorder", initializer=on_device.__enter__)
        )
        for run, purge_step in runs:
            file = SummaryFile(run.place, run.summary)
            name = f"member {run.place.path.name}" if len(runs) > 1 else ""
            stack.callback(_learn, run, file)
            recorders.append(_recorder(run, file, thread, terminal, purge_step, name, compiling))
            stack.callback(recorders[-1].close)
        yield recorders


def _learn(run: OpenRun, file: SummaryFile) -> None:
    """Takes what was learned of a run while it trained, however that ended."""
    run.summary = file.known


def _recorder(
    run: OpenRun,
    summary: SummaryFile,
    thread: ThreadPoolExecutor,
    terminal: Terminal,
    purge_step: int | None,
    name: str,
    compiling: Compiling,
) -> Recorder:
    """The recorder of a run and its sinks; a new run's events begin with its configuration."""
    prepared, place = run.prepared, run.place
    experiment = prepared.experiment
    probes = probes_of(prepared, terminal.note)
    metrics, pictures = Metrics(place.metrics), Pictures(place)
    events = EventFile(place.path, purge_step)
    if probes.theory is not None:
        events.charts({"theory": probes.theory.charts})
    if not purge_step:
        text = place.config.read_text(encoding="utf-8")
        events.text("configuration", f"```yaml\n{text}\n```")
        events.hparams(hyperparameters(experiment, place))
        events.flush()
    keep = experiment.checkpoints.keep
    saved = Checkpoints(place.checkpoints, keep, kept.of(run.summary))
    sinks: list[Sink] = [
        InPlace(place.path),
        metrics,
        TensorBoard(events),
        pictures,
        saved,
        summary,
        Log(place),
    ]
    if probes.evaluation is not None and (tag := experiment.checkpoints.best) is not None:
        sinks.append(BestCheckpoint(place, tag, probes.evaluation.directions[tag]))
    with DRAWING:
        drawer = picture(experiment.dataset, prepared.spec, prepared.split)
    told = frozenset(each["sign"] for each in run.summary.get("warnings", []))
    examples = reference(experiment.dataset, prepared.split)
    watch = Watch(examples, told, experiment.objective.remedy)
    return Recorder(
        sinks,
        drawer,
        thread,
        terminal,
        run.summary,
        probes.by_name(),
        name,
        watch,
        lambda: compiling.seconds,
    )
