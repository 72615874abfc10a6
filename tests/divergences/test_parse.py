import pytest

from gan_cli.divergences import Discrete, Mixture, Normal, Uniform, parse
from gan_cli.errors import UsageError


@pytest.mark.parametrize(
    ("text", "distribution"),
    [
        ("normal(0,1)", Normal(0, 1)),
        ("  normal ( -1.5e1 ,\t+.5 ) ", Normal(-15, 0.5)),
        ("uniform(0,1)", Uniform(0, 1)),
        ("uniform(-1/3, 2/3)", Uniform(-1 / 3, 2 / 3)),
        (
            "mixture(0.3*normal(-1,.5)+0.7*normal(2,1))",
            Mixture((0.3, 0.7), (Normal(-1, 0.5), Normal(2, 1))),
        ),
        (
            "mixture(.5 * mixture(1*uniform(0,1)) + .5 * normal(3, 1))",
            Mixture((0.5, 0.5), (Mixture((1,), (Uniform(0, 1),)), Normal(3, 1))),
        ),
        ("discrete(.5,.5)", Discrete((0.5, 0.5), (0.0, 1.0))),
        ("discrete(1/3@-2, 2/3 @ 1e2)", Discrete((1 / 3, 2 / 3), (-2.0, 100.0))),
    ],
)
def test_a_text_is_read(text, distribution):
    assert parse(text) == distribution


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "norml(0,1)",
            "'norml(0,1)': there is no distribution 'norml' (character 1). "
            "Did you mean 'normal'? Valid: discrete, mixture, normal, uniform.",
        ),
        (
            "mixture(.5*normal(0,1) + .5*unifrom(0,1))",
            "'mixture(.5*normal(0,1) + .5*unifrom(0,1))': there is no distribution 'unifrom' "
            "(character 29). Did you mean 'uniform'? Valid: discrete, mixture, normal, uniform.",
        ),
        (
            "",
            "'': expected a distribution at character 1, as in normal(MEAN, STD), and the text "
            "ends.",
        ),
        (
            "0.5",
            "'0.5': expected a distribution at character 1, as in normal(MEAN, STD), and there is "
            "'0'.",
        ),
        (
            "normal(0;1)",
            "'normal(0;1)': expected ',' at character 9, as in normal(MEAN, STD), and there is "
            "';'.",
        ),
        (
            "uniform(0,",
            "'uniform(0,': expected a number at character 11, as in uniform(LOW, HIGH), and the "
            "text ends.",
        ),
        (
            "normal(nan,1)",
            "'normal(nan,1)': expected a number at character 8, as in normal(MEAN, STD), and there "
            "is 'n'.",
        ),
        (
            "normal(0,1,2)",
            "'normal(0,1,2)': expected ')' at character 11, as in normal(MEAN, STD), and there is "
            "','.",
        ),
        (
            "normal(0,1) x",
            "'normal(0,1) x': expected the end at character 13, as in normal(MEAN, STD), and there "
            "is 'x'.",
        ),
        (
            "mixture(normal(0,1))",
            "'mixture(normal(0,1))': expected a weight at character 9, as in "
            "mixture(WEIGHT*DISTRIBUTION + ...), and there is 'n'.",
        ),
        (
            "mixture(1*normal(0,1)-1*normal(0,1))",
            "'mixture(1*normal(0,1)-1*normal(0,1))': expected '+' or ')' at character 22, as in "
            "mixture(WEIGHT*DISTRIBUTION + ...), and there is '-'.",
        ),
        (
            "discrete(1/0)",
            "'discrete(1/0)': expected ',' or ')' at character 11, as in "
            "discrete(PROBABILITY, ...) or discrete(PROBABILITY@POINT, ...), and there is '/'.",
        ),
        ("normal(0,0)", "'normal(0,0)': normal, character 10: std must be above 0, and is 0."),
        (
            "normal(0,1e999)",
            "'normal(0,1e999)': normal, character 10: std must be at most 1e+50 in size, and is "
            "inf.",
        ),
        (
            "mixture(.5*normal(0,1)+.5*uniform(1,0))",
            "'mixture(.5*normal(0,1)+.5*uniform(1,0))': uniform, character 35: low must be below "
            "high; they are 1 and 0.",
        ),
        (
            "mixture(.3*normal(0,1)+.6*normal(1,1))",
            "'mixture(.3*normal(0,1)+.6*normal(1,1))': mixture, character 1: The sum of weights "
            "must be one, and is 0.9.",
        ),
        (
            "mixture(1.5*normal(0,1)+ -.5*normal(1,1))",
            "'mixture(1.5*normal(0,1)+ -.5*normal(1,1))': mixture, character 26: weights must not "
            "be negative, and weights[1] is -0.5.",
        ),
        (
            "discrete(.5@0, -1@2)",
            "'discrete(.5@0, -1@2)': discrete, character 16: probabilities must not be negative, "
            "and probabilities[1] is -1.",
        ),
        (
            "mixture(.5*mixture(1*normal(0,1)) + -1*normal(0,1))",
            "'mixture(.5*mixture(1*normal(0,1)) + -1*normal(0,1))': mixture, character 37: weights "
            "must not be negative, and weights[1] is -1.",
        ),
        (
            "mixture(1*discrete(1))",
            "'mixture(1*discrete(1))': mixture, character 1: A mixture's parts must be normal, "
            "uniform or mixture, and one is discrete.",
        ),
        (
            "discrete(.5@0,.5)",
            "'discrete(.5@0,.5)': discrete, character 1: There must be a point for each "
            "probability: 1 points and 2 probabilities.",
        ),
        (
            "__import__('os')",
            "'__import__('os')': there is no distribution '__import__' (character 1). "
            "Valid: discrete, mixture, normal, uniform.",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text, error):
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert str(caught.value) == error
