"""`gan evaluate`: how good samples are, by published protocols."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from gan_cli.cli.completion import (
    complete_dataset,
    complete_metric,
    complete_override,
    complete_run,
)
from gan_cli.cli.options import AsJson, Checkpoint, ConfigDir, Imports
from gan_cli.files import path_of


def evaluate(
    target: Annotated[
        str,
        typer.Argument(
            metavar="RUN|SAMPLES.npz",
            help="A run directory, latest, or a file with one array `samples`.",
            autocompletion=complete_run,
            show_default=False,
        ),
    ],
    overrides: Annotated[
        list[str] | None,
        typer.Argument(
            help="Overrides of the data set, such as dataset.path=PLACE or dataset.root=PLACE for "
            "data that was moved.",
            autocompletion=complete_override,
        ),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Judge by this data set; a run has its own.",
            autocompletion=complete_dataset,
        ),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A metric; repeatable. Default: all that suit the data.",
            autocompletion=complete_metric,
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            min=100,
            max=10_000_000,
            metavar="N",
            help="Judge N samples; each metric has its default.",
        ),
    ] = None,
    extractor: Annotated[
        Literal["pixels", "classifier"] | None,
        typer.Option(
            metavar="pixels|classifier",
            help="What metrics of features compare; a classifier learns the labels once.",
            show_default="classifier where there are labels, else pixels",
        ),
    ] = None,
    checkpoint: Checkpoint = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            parser=path_of,
            help="A JSON file to write; for a run by default its own.",
        ),
    ] = None,
    config_dir: ConfigDir = None,
    imports: Imports = None,
    as_json: AsJson = False,
) -> None:
    """Judge samples: a run's, or those of a file that another program made.

    Each number stands beside its 95 % interval and what as many real examples
    score by the same protocol. `gan list metric` names the metrics.
    """
    from gan_cli.cli.judge import judge_target

    judge_target(
        target,
        [*([f"dataset={dataset}"] if dataset else []), *(overrides or [])],
        metric or [],
        samples,
        extractor,
        checkpoint,
        out,
        config_dir,
        imports or [],
        as_json=as_json,
    )
