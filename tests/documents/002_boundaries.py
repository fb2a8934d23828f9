# What the document's picture of decision boundaries is made of: MLPs with 1, 2 and 4 hidden layers of 3 neurons, trained on two
# half moons. The document has no code for it; this is the counterpart of examples/002_boundaries.c.
import torch
from torch import nn

N = 200
torch.manual_seed(1)


def mlp(depth):
    layers = []
    for i in range(depth):
        layers += [nn.Linear(2 if i == 0 else 3, 3), nn.Tanh()]
    return nn.Sequential(*layers, nn.Linear(3, 1))


angle = torch.linspace(0, 3.14159265, N)
x, y = torch.cos(angle), torch.sin(angle)
X = torch.cat([torch.stack([x, y], 1), torch.stack([1 - x, 0.5 - y], 1)], 0)
X = X + torch.randn(2 * N, 2) * 0.15
labels = torch.cat([torch.zeros(N, 1), torch.ones(N, 1)], 0)
for depth in (1, 2, 4):
    model, loss_fn = mlp(depth), nn.BCEWithLogitsLoss()
    opt = torch.optim.Adam(model.parameters(), lr=0.02)
    for step in range(1000):
        opt.zero_grad()
        loss_fn(model(X), labels).backward()
        opt.step()
    right = (model(X) > 0) == labels
    print(f'hidden layers: {depth}, accuracy: {right.float().mean().item():.3f}')
