"""Fashion-MNIST."""

from gan_cli.component import component
from gan_cli.datasets.idx_images import IdxImages, published


@component
class FashionMnist(IdxImages):
    """Photographs of clothes in MNIST's form: ten classes, 28 x 28 pixels, grey.

    The labels are 0 T-shirt, 1 trouser, 2 pullover, 3 dress, 4 coat, 5 sandal, 6 shirt, 7 sneaker,
    8 bag and 9 ankle boot. MIT licence, copyright 2017 Zalando SE.

    Source: Xiao, Rasul and Vollgraf 2017, "Fashion-MNIST: a Novel Image Dataset for Benchmarking
        Machine Learning Algorithms"; https://github.com/zalandoresearch/fashion-mnist.
    """

    name = "fashion_mnist"
    files = published(
        (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    )
    mirrors = (
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    )
