"""Writes the orders that test_data.c expects of a loader, as PyTorch's DataLoader has them.

A line is: seed samples; the samples of two passes with shuffle; after another pass without shuffle, two random integers
below 1000, which show how many numbers were drawn. Run in this directory: python loader.py
"""
import torch
from torch.utils.data import DataLoader, TensorDataset

with open("loader.txt", "w") as text:
    for seed in (0, 1, 42, 1234, 2**40 + 7):
        for n in (1, 11, 100):
            torch.manual_seed(seed)
            dataset = TensorDataset(torch.arange(n))
            loader = DataLoader(dataset, batch_size=4, shuffle=True)
            passes = [i for _ in range(2) for (batch,) in loader for i in batch.tolist()]
            for _ in DataLoader(dataset, batch_size=3):
                pass
            print(seed, n, *passes, *torch.randint(0, 1000, (2,)).tolist(), file=text)
