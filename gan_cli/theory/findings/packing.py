"""Models of P in packs: their total variation by the size of packs, exactly and by trained D."""

import math
from collections.abc import Sequence
from typing import Any

from gan_cli.divergences import Estimate
from gan_cli.theory.findings.base import Expected, Findings, counted, number, table
from gan_cli.theory.findings.packing_picture import CAPTION, draw
from gan_cli.theory.packing import TRAINED, Model, Packing

EXPECTED = {
    "collapsed": lambda m: 1 - 0.8**m,
    "uneven": lambda m: sum(
        math.comb(m, k) * abs(0.5**m - 0.3**k * 0.7 ** (m - k)) / 2 for k in range(m + 1)
    ),
}
"""The total variation of packs of m of the paper's two models, in closed form.

Source: Lin et al. 2018, section 1.2, for the models and section 4 for packs.
"""


def findings(texts: Sequence[str], found: Packing) -> Findings:
    """Shows models of P in packs.

    Args:
        texts: P and the models, as they are written.
        found: what was found of them.
    """
    numbers: dict[str, Any] = {"p": texts[0], "updates": found.updates}
    for text, model in zip(texts[1:], found.models, strict=True):
        numbers[model.name] = {"q": text, "packs": [_numbers(model, m) for m in model.sizes]}
    pictures = {"packing.png": draw(found, title(found))}
    captions = {"packing.png": CAPTION}
    return Findings(numbers, lines(texts, found), pictures, expected(found), captions)


def expected(found: Packing) -> list[Expected]:
    """The total variation of the paper's two models, by the size of packs."""
    return [
        Expected(
            f"TV of packs of {m}, {model.name} model",
            EXPECTED[model.name](m),
            (model.packs[m - 1].total_variation.value, model.packs[m - 1].total_variation.error),
            1e-12,
        )
        for model in found.models
        if model.name in EXPECTED
        for m in model.sizes
    ]


def _numbers(model: Model, m: int) -> dict[str, Any]:
    _, tv, js, trained = model.packs[m - 1]
    told: dict[str, Any] = {
        "m": m,
        "total_variation": tv.value,
        "error": tv.error,
        "js": js.value,
        "js_error": js.error,
    }
    if model.name in EXPECTED:
        told["expected"] = EXPECTED[model.name](m)
    if trained is not None:
        told |= {
            "trained": trained.total_variation.value,
            "trained_standard_error": trained.total_variation.error,
            "js_trained": trained.js.value,
            "js_trained_standard_error": trained.js.error,
        }
    return told


def lines(texts: Sequence[str], found: Packing) -> list[str]:
    """A table for each model, and what it says."""
    told = [
        f"P = {texts[0]}. D judges packs of m examples of P against packs of m of a model.",
        "TV is the total variation of packs, a finite sum over their types. Beside it stands",
        f"what a D finds on fresh packs that had {counted(found.updates, 'update')} by "
        "minimax's loss.",
    ]
    for text, model in zip(texts[1:], found.models, strict=True):
        known = model.name in EXPECTED
        rows = []
        for m in model.sizes:
            _, tv, js, trained = model.packs[m - 1]
            by_d = (
                ("-", "-") if trained is None else (_pm(trained.total_variation), _pm(trained.js))
            )
            wanted = (f"{EXPECTED[model.name](m):.6g}",) if known else ()
            rows.append((f"{m}", number(tv), *wanted, by_d[0], number(js), by_d[1]))
        wanted = ("expected",) if known else ()
        head = ("m", "TV", *wanted, "by trained D", "JS (nats)", "by trained D")
        told += ["", f"{model.name}: {text}", *table(">" * len(head), head, *rows)]
    error = max(pack.total_variation.error for model in found.models for pack in model.packs)
    sizes = max(len(model.packs) for model in found.models)
    alone = [f"D is trained on packs of at most {TRAINED}; larger ones have exact numbers alone."]
    told += [
        "",
        f"The sums are exact but for rounding, at most {error:.0e}. What D finds, its TV as",
        "P(D > 0) - Q(D > 0), can lie above the truth by its standard error alone.",
        *(alone if sizes > TRAINED else []),
    ]
    return told


def _pm(estimate: Estimate) -> str:
    return f"{estimate.value:z.4f} +- {estimate.error:.4f}"


def title(found: Packing) -> str:
    """The finding in two lines, or in one where there are no packs."""
    m = len(found.models[0].packs)
    single = len(found.models) == 1
    first, last = (
        ", ".join(
            f"{each.packs[i].total_variation.value:.4g}" + ("" if single else f" ({each.name})")
            for each in found.models
        )
        for i in (0, -1)
    )
    if single:
        alone, packed = f"One example at a time, the TV is {first}", f"In packs of {m} it is {last}"
    else:
        alone = f"One example at a time, the two models are as far from P by TV: {first}"
        packed = f"In packs of {m} D tells the collapsed model sooner: {last}"
    return f"{alone}\n{packed}" if m > 1 else alone
