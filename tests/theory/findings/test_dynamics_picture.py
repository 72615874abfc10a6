"""What is drawn of a step's eigenvalues, and what is only named."""

from gan_cli.theory.findings.dynamics_picture import is_gone


def test_an_eigenvalue_is_left_out_where_it_lies_far_from_the_others() -> None:
    assert is_gone(0.0, [0.0, 0.5])
    assert is_gone(0.1, [0.999, 0.1])
    assert not is_gone(0.146, [6.854, 0.146]), "as far to the left as the other to the right"
    assert not is_gone(0.9, [0.999, 0.9])
