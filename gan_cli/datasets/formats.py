"""What to do with files of kinds that no data set of the user's own reads."""

from pathlib import Path

CONVERSIONS = {
    ".csv": "np.loadtxt({name!r}, delimiter=',', dtype='float32')",
    ".tsv": "np.loadtxt({name!r}, delimiter='\\t', dtype='float32')",
    ".txt": "np.loadtxt({name!r}, dtype='float32')",
    ".mat": "scipy.io.loadmat({name!r})['KEY']",
    ".h5": "h5py.File({name!r})['KEY'][:]",
    ".hdf5": "h5py.File({name!r})['KEY'][:]",
    ".parquet": "pandas.read_parquet({name!r}).to_numpy('float32')",
    ".pt": "torch.load({name!r}).numpy()",
    ".pth": "torch.load({name!r}).numpy()",
}
"""The Python that reads a file as an array, by the end of the file's name."""

PACKED = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")
ARRAYS = (".npy", ".npz")
IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")


def advice(path: Path) -> str:
    """What to do with a file or a folder that the chosen data set does not read; may be nothing."""
    suffix = path.suffix.lower()
    if path.is_dir():
        return "It is a folder: dataset=images reads a folder of images."
    if suffix in PACKED:
        return "Unpack it first: dataset=images reads a folder of images."
    if suffix in ARRAYS:
        return "dataset=array reads an array."
    if suffix in IMAGES:
        return "One image is no data set: name the folder that it is in, with dataset=images."
    found = reading(Path(path.name))
    if found is None:
        return ""
    packages, array = found
    saved = f"np.save({path.stem + '.npy'!r}, {array})"
    return f"Convert it in Python: import {packages}; {saved}"


def reading(path: Path) -> tuple[str, str] | None:
    """The packages and the Python that read a file as an array; None for a file of another kind."""
    known = CONVERSIONS | {".npy": "np.load({name!r})"}
    written = known.get(path.suffix.lower())
    if written is None:
        return None
    package = written.partition(".")[0]
    others = "" if package == "np" else f", {package}"
    return f"numpy as np{others}", written.format(name=str(path))
