"""What the processes of `starts.py` run."""


def nothing():
    pass


def echo(x):
    return x
