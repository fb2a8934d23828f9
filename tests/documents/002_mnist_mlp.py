from typing import Sequence

import numpy as np
import torch
import torch.nn as nn
import torch.optim

import common

torch.manual_seed(4)

batch_size = 512
train_size = batch_size * 10
test_size = batch_size * 2

# Datasets and loaders
ds_train = common.idx_dataset("mnist", True)
dl_train = torch.utils.data.DataLoader(ds_train, batch_size,
                                       sampler=torch.utils.data.SubsetRandomSampler(range(0, train_size)))
ds_test = common.idx_dataset("mnist", False)
dl_test = torch.utils.data.DataLoader(ds_test, batch_size,
                                      sampler=torch.utils.data.SubsetRandomSampler(range(0, test_size)))

x0, y0 = ds_train[0]
n_features = torch.numel(x0)
n_classes = 10

print(f'x0: {x0.shape}, y0: {y0}')

# Show first few samples: plot_utils.dataset_first_n(ds_train, 10, cmap='gray', show_classes=True)
if common.PICTURES:
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(nrows=2, ncols=5)
    for ax, (image, label) in zip(axes.flat, ds_train):
        ax.imshow(image.squeeze(), cmap='gray')
        ax.set_title(int(label))
        ax.set_axis_off()
    plt.savefig(common.PICTURES + '/002_mnist_mlp_first_images.png')

fc = nn.Linear(in_features=3, out_features=5, bias=True)

# Input tensor with 10 samples of 3 features
t = torch.randn(10, 3)

# Forward pass, notice that grad_fn exists
print(fc(t))

# Note parameter shapes
for i, param in enumerate(fc.parameters()):
    print(f"Parameter #{i} of shape {param.shape}:\n{param.data}\n")


class MyFullyConnectedLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()  # don't forget this!
        # nn.Parameter just marks W,b for inclusion in list of parameters
        self.W = nn.Parameter(torch.randn(out_features, in_features, requires_grad=True))
        self.b = nn.Parameter(torch.randn(out_features, requires_grad=True))

    def forward(self, x):
        # x assumed to be (N, in_features)
        z = torch.matmul(x, self.W.transpose(0, 1)) + self.b
        # For no good reason, our custom layer multiplies outputs by 3
        return 3*z


myfc = MyFullyConnectedLayer(in_features=3, out_features=5)
print(myfc(t))

# A notebook shows list(myfc.parameters()) so
print('[' + ',\n '.join(str(p).replace('\n', '\n ') for p in myfc.parameters()) + ']')


# In place of torchviz.make_dot: the computation graph as lines, each node below the one that it gives its result to
def show_graph(node, depth=0):
    if node is None:
        return
    if node.name() == 'TBackward0':  # Wick's Linear takes the weight as it is
        return show_graph(node.next_functions[0][0], depth)
    leaf = f" {list(node.variable.shape)}" if hasattr(node, 'variable') else ""
    print('  ' * depth + node.name().split('::')[-1] + leaf)
    inputs = list(node.next_functions)
    if node.name() == 'AddmmBackward0':  # bias, x, weight in PyTorch, and x, weight, bias in Wick
        inputs.append(inputs.pop(0))
    for before, _ in inputs:
        show_graph(before, depth + 1)


show_graph(myfc(t).grad_fn)

if common.PICTURES:
    import torchviz
    torchviz.make_dot(myfc(t), params=dict(W=myfc.W, b=myfc.b)).render(
        outfile=common.PICTURES + '/002_mnist_mlp_myfc.svg')


class MLP(torch.nn.Module):
    NLS = {'relu': torch.nn.ReLU, 'tanh': nn.Tanh, 'sigmoid': nn.Sigmoid, 'softmax': nn.Softmax,
           'logsoftmax': nn.LogSoftmax}

    def __init__(self, D_in: int, hidden_dims: Sequence[int], D_out: int, nonlin='relu'):
        super().__init__()
        all_dims = [D_in, *hidden_dims, D_out]
        non_linearity = MLP.NLS[nonlin]
        layers = []
        for in_dim, out_dim in zip(all_dims[:-1], all_dims[1:]):
            layers += [
                nn.Linear(in_dim, out_dim, bias=True),
                non_linearity()
            ]
        # Sequential is a container for layers
        self.fc_layers = nn.Sequential(*layers[:-1])
        # Output non-linearity
        self.log_softmax = nn.LogSoftmax(dim=1)

    def forward(self, x):
        x = torch.reshape(x, (x.shape[0], -1))
        z = self.fc_layers(x)
        y_pred = self.log_softmax(z)
        # Output is always log-probability
        return y_pred


mlp5 = MLP(D_in=n_features, hidden_dims=[32, 64, 128, 64], D_out=n_classes, nonlin='tanh')
print(mlp5)

print(f'number of parameter tensors: {len(list(mlp5.parameters()))}')

print(f'number of parameters: {np.sum([torch.numel(p) for p in mlp5.parameters()])}')

y_hat0 = mlp5(x0)
print(f'{x0.shape=}\n')
print(f'{y_hat0.shape=}\n')
print(f'{y_hat0=}')

show_graph(mlp5(x0).grad_fn)

if common.PICTURES:
    torchviz.make_dot(mlp5(x0), params=dict(mlp5.named_parameters())).render(
        outfile=common.PICTURES + '/002_mnist_mlp_mlp5.svg')

# Loss: assumes *log*-probabilities (given by our LogSoftmax layer)
loss_fn = nn.NLLLoss()
# Fake labels (no need to 1-hot encode)
yt = torch.randint(low=0, high=n_classes, size=(y_hat0.shape[0],))
# Try out the loss
print(loss_fn(y_hat0, yt))

# Model for training
model = MLP(D_in=n_features, hidden_dims=[32, 32, 32], D_out=n_classes, nonlin='relu')
# Optimizer: instantiated using our model's parameters
optimizer = torch.optim.SGD(params=model.parameters(), lr=5e-2, weight_decay=0.01, momentum=0.9)

num_epochs = common.epochs(10)
for epoch_idx in range(num_epochs):
    total_loss = 0
    for batch_idx, (X, y) in enumerate(dl_train):
        # Forward pass
        y_pred = model(X)
        # Compute loss
        loss = loss_fn(y_pred, y)
        total_loss += loss.item()
        # Backward pass
        optimizer.zero_grad()  # Zero gradients of all parameters
        loss.backward()        # Run backprop algorithms to calculate gradients
        # Optimization step
        optimizer.step()       # Use gradients to update model parameters
    print(f'Epoch #{epoch_idx+1}: Avg. loss={total_loss/len(dl_train)}')

common.digest(model.state_dict())
