import pytest

from gan_cli.divergences import Discrete, LineMixture, Normal, Uniform, parse
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
            LineMixture((0.3, 0.7), (Normal(-1, 0.5), Normal(2, 1))),
        ),
        (
            "mixture(.5 * mixture(1*uniform(0,1)) + .5 * normal(3, 1))",
            LineMixture((0.5, 0.5), (LineMixture((1,), (Uniform(0, 1),)), Normal(3, 1))),
        ),
        ("discrete(.5,.5)", Discrete((0.5, 0.5), (0.0, 1.0))),
        ("discrete(1/3@-2, 2/3 @ 1e2)", Discrete((1 / 3, 2 / 3), (-2.0, 100.0))),
        ("discrete(.5@1/3, 1/2@-2/3)", Discrete((0.5, 0.5), (1 / 3, -2 / 3))),
        ("normal(0,\n  1)", Normal(0, 1)),
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
            "'': character 1: invalid syntax; write it as in normal(MEAN, STD).",
        ),
        (
            "0.5",
            "'0.5': expected a distribution at character 1, as in normal(MEAN, STD), and there is "
            "'0.5'.",
        ),
        (
            "normal(0;1)",
            "'normal(0;1)': character 9: invalid syntax; write it as in normal(MEAN, STD).",
        ),
        (
            "uniform(0,",
            "'uniform(0,': character 8: '(' was never closed; write it as in uniform(LOW, HIGH).",
        ),
        (
            "normal(nan,1)",
            "'normal(nan,1)': expected a number at character 8, as in normal(MEAN, STD), and there "
            "is 'nan'.",
        ),
        (
            "normal([0,0],1)",
            "'normal([0,0],1)': distributions lie on the line here, and character 8 begins a list: "
            "write normal(MEAN, STD) with numbers. 'gan theory optimal-transport' takes "
            "normal([0,0],[[1,0],[0,1]]) and other normal distributions in the plane.",
        ),
        (
            "normal(0,1,2)",
            "'normal(0,1,2)': normal, character 1: write it as normal(MEAN, STD), and not as "
            "'normal(0, 1, 2)'.",
        ),
        (
            "normal(0,1) x",
            "'normal(0,1) x': character 13: invalid syntax; write it as in normal(MEAN, STD).",
        ),
        (
            "mixture(normal(0,1))",
            "'mixture(normal(0,1))': expected WEIGHT*DISTRIBUTION at character 9, as in "
            "mixture(WEIGHT*DISTRIBUTION + ...), and there is 'normal(0, 1)'.",
        ),
        (
            "mixture(1*normal(0,1)-1*normal(0,1))",
            "'mixture(1*normal(0,1)-1*normal(0,1))': expected WEIGHT*DISTRIBUTION at character "
            "9, as in mixture(WEIGHT*DISTRIBUTION + ...), and there is '1 * normal(0, 1) - 1 * "
            "normal(0, 1)'.",
        ),
        (
            "discrete(1/0)",
            "'discrete(1/0)': expected a number at character 10, as in discrete(PROBABILITY, "
            "...) or discrete(PROBABILITY@POINT, ...), and there is '1 / 0'.",
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
            "normal(mean=0, std=1)",
            "'normal(mean=0, std=1)': normal, character 1: write it as normal(MEAN, STD), and not "
            "as 'normal(mean=0, std=1)'.",
        ),
        (
            "normal(True,1)",
            "'normal(True,1)': expected a number at character 8, as in normal(MEAN, STD), and "
            "there is 'True'.",
        ),
        (
            "mixture(.5*normal(0,1)+.5*normal(0,é))",
            "'mixture(.5*normal(0,1)+.5*normal(0,é))': expected a number at character 36, as in "
            "normal(MEAN, STD), and there is 'é'.",
        ),
        (
            "  normal(é\t,1)",
            "'normal(é ,1)': expected a number at character 8, as in normal(MEAN, STD), and there "
            "is 'é'.",
        ),
        (
            "normal(0,1) # of x",
            "'normal(0,1) # of x': character 13: invalid syntax; write it as in normal(MEAN, STD).",
        ),
        (
            "\udcff",
            "'?': character 1: invalid syntax; write it as in normal(MEAN, STD).",
        ),
        (
            "(lambda: 1)()",
            "'(lambda: 1)()': expected a distribution at character 1, as in normal(MEAN, STD), and "
            "there is '(lambda: 1)()'.",
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


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("-" * 9000 + "1", f"'{'-' * 40}...' is nested too deeply to be read."),
        (
            "normal(" * 9000,
            f"'{'normal(' * 5}norma...': a distribution has at most 10,000 characters.",
        ),
        (
            "(" * 300,
            f"'{'(' * 300}': character 201: too many nested parentheses; write it as in "
            "normal(MEAN, STD).",
        ),
        (
            "normal(0," + "9" * 400 + ")",
            f"'normal(0,{'9' * 400})': normal, character 10: std must be at most 1e+50 in size, "
            "and is inf.",
        ),
    ],
)
def test_huge_and_deep_texts_are_one_sentence_too(text, error):
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert str(caught.value) == error


@pytest.mark.parametrize(
    "text", ["1+" * 4000 + "1", "mixture(1*" * 150, "mixture(" + "1*normal(0,1)+" * 700]
)
def test_no_size_or_depth_crashes_the_parser(text):
    with pytest.raises(UsageError):
        parse(text)


def test_a_long_mixture_is_read():
    text = "mixture(" + "+".join(["1/500*normal(0,1)"] * 500) + ")"
    assert len(parse(text).parts) == 500
