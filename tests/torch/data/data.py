"""Writes data.txt: what PyTorch's samplers, splits and loaders give, for test_sampler.c and test_loader.c.

A line is a name, a colon, and whole numbers. After what is named, two integers below 1000 from the default generator, and,
where a generator is given, two from it, show how much was drawn. Run in this directory: python data.py
"""
import torch
from torch.utils.data import (BatchSampler, ConcatDataset, DataLoader, Dataset, RandomSampler, SequentialSampler, Subset,
                              SubsetRandomSampler, TensorDataset, WeightedRandomSampler, random_split)

lines = []


def after(g):
    drawn = torch.randint(0, 1000, (2,)).tolist()
    return drawn + torch.randint(0, 1000, (2,), generator=g).tolist() if g else drawn


def note(name, numbers, g=None):
    lines.append(f"{name}: {' '.join(map(str, list(numbers) + after(g)))}")


def both(name, make):
    """make(generator) gives numbers: with the default generator, and with one of its own."""
    for own in (False, True):
        torch.manual_seed(7)
        g = torch.Generator().manual_seed(11) if own else None
        note(f"{name} {'own' if own else 'default'}", make(g), g)


def flat(batches):
    """Lengths and indices of batches."""
    return [n for batch in batches for n in [len(batch), *batch]]


data = TensorDataset(torch.arange(10))
weights = torch.tensor([1, 0, 2, 0.5, 3, 0.25], dtype=torch.float64)
both("random", lambda g: list(RandomSampler(data, generator=g)) * 1)
both("random 25", lambda g: RandomSampler(data, num_samples=25, generator=g))
both("random 4", lambda g: RandomSampler(data, num_samples=4, generator=g))
both("random replacement", lambda g: RandomSampler(data, replacement=True, generator=g))
both("random replacement 70", lambda g: RandomSampler(data, replacement=True, num_samples=70, generator=g))
both("random replacement 64", lambda g: RandomSampler(data, replacement=True, num_samples=64, generator=g))
both("subset", lambda g: SubsetRandomSampler([5, 3, 9, 1], generator=g))
both("weighted 8", lambda g: WeightedRandomSampler(weights, 8, generator=g))
both("weighted 1", lambda g: WeightedRandomSampler(weights, 1, generator=g))
both("weighted 4 without", lambda g: WeightedRandomSampler(weights, 4, replacement=False, generator=g))
both("weighted float32", lambda g: WeightedRandomSampler(weights.float(), 20, generator=g))
for size in (1, 3, 5, 20):
    for drop in (False, True):
        both(f"batch {size} {int(drop)}",
             lambda g: flat(BatchSampler(RandomSampler(data, num_samples=13, generator=g), size, drop)))
both("batch subset", lambda g: flat(BatchSampler(SubsetRandomSampler([5, 3, 9, 1], generator=g), 3, False)))


def split(lengths, n):
    return lambda g: flat([s.indices for s in (random_split(range(n), lengths, g) if g else random_split(range(n), lengths))])


both("split 10 7 3", split([7, 3], 10))
both("split 10 0.5 0.5", split([0.5, 0.5], 10))
both("split 10 0.7 0.2 0.1", split([0.7, 0.2, 0.1], 10))
both("split 11 0.25 0.25 0.25 0.25", split([0.25] * 4, 11))
both("split 3 0.1 0.1 0.8", split([0.1, 0.1, 0.8], 3))
both("split 150 0.7 0.15 0.15", split([0.7, 0.15, 0.15], 150))
both("split 5 1 0", split([1, 0], 5))
both("split 1 1", split([1], 1))
both("split 4 0 4", split([0, 4], 4))


class Drawing(Dataset):
    """Sample i is (i, a draw, the worker's seed's low 32 bits or 0): the draws of workers."""

    def __len__(self):
        return 11

    def __getitem__(self, i):
        info = torch.utils.data.get_worker_info()
        return i, torch.randint(0, 1000, ()), info.id if info else -1


def passes(count, **options):
    def make(g):
        loader = DataLoader(Drawing(), batch_size=2, generator=g, **options)
        return [n for _ in range(count) for batch in loader for row in zip(*batch) for n in map(int, row)]
    return make


def broken_off(**options):
    """A pass that is left after two batches, and one more."""
    def make(g):
        loader = DataLoader(Drawing(), batch_size=2, generator=g, **options)
        numbers = []
        for stop in (2, 100):
            for k, batch in enumerate(loader):
                if k == stop:
                    break
                numbers += [int(n) for row in zip(*batch) for n in row]
        return numbers
    return make


if __name__ == "__main__":
    for workers in (0, 1, 2, 3):
        both(f"loader {workers}", passes(2, num_workers=workers))
        both(f"loader shuffle {workers}", passes(2, num_workers=workers, shuffle=True))
        both(f"loader broken {workers}", broken_off(num_workers=workers, shuffle=True))
    both("loader drop 2", passes(2, num_workers=2, shuffle=True, drop_last=True))
    both("loader prefetch 2 1", passes(2, num_workers=2, shuffle=True, prefetch_factor=1))
    both("loader persistent 2", passes(3, num_workers=2, shuffle=True, persistent_workers=True))
    both("loader persistent broken 2", broken_off(num_workers=2, shuffle=True, persistent_workers=True))
    with open("data.txt", "w") as text:
        print("\n".join(lines), file=text)
