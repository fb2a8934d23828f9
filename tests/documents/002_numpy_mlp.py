import numpy as np

import common

np.random.seed(0)

# N: batch size
# D_in: number of features
N, D_in = 64, 10
# H: hidden-layer
# D_out: output dimension
H, D_out = 100, 1

# Random input data
X = np.random.randn(N, D_in)
y = np.random.randn(N, D_out)

# Model weights and biases
wstd = 0.01
W1 = np.random.randn(H, D_in)*wstd
b1 = np.random.randn(H,)*wstd + 0.1
W2 = np.random.randn(D_out, H)*wstd
b2 = np.random.randn(D_out,)*wstd + 0.1

reg_lambda = 0.5
learning_rate = 1e-3

losses = []
for epoch in range(common.epochs(250)):
    # Forward pass, hidden layer: A = relu(X W1 + b1), Shape: (N, H)
    Z = X.dot(W1.T) + b1
    A = np.maximum(Z, 0)

    # Forward pass, output layer: Y_hat = A W2 + b2, Shape: (N, D_out)
    Y_hat = A.dot(W2.T) + b2

    # Loss calculation (MSE)
    loss = np.mean((Y_hat - y) ** 2); losses.append(loss)  # (N, D_out)

    # Backward pass:  Output layer
    d_Y_hat = (1./N) * (Y_hat - y)     # (N, D_out)
    d_W2 = d_Y_hat.T.dot(A)            # (D_out, H)
    d_A = d_Y_hat.dot(W2)              # (N, H)
    d_b2 = np.sum(d_Y_hat, axis=0)     # (D_out,)

    # Backward pass: Hidden layer
    d_Z = d_A * np.array(Z > 0, dtype=float)     # (N, H)
    d_W1 = d_Z.T.dot(X)                          # (H, D_in)
    d_b1 = np.sum(d_Z, axis=0)                   # (H,)

    # Backward pass: Regularization term
    d_W2 += reg_lambda * W2
    d_W1 += reg_lambda * W1

    # Gradient descent step
    W2 -= d_W2 * learning_rate; b2 -= d_b2 * learning_rate
    W1 -= d_W1 * learning_rate; b1 -= d_b1 * learning_rate
    print('.', end='')

# What the plot shows: the losses
print()
for epoch, loss in enumerate(losses):
    if epoch < 10 or (epoch + 1) % 25 == 0:
        print(f'losses[{epoch}] = {loss:.12f}')

if common.PICTURES:
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(10,5))
    ax.plot(losses)
    ax.set_ylabel('MSE loss'); ax.set_xlabel('Epoch');
    plt.savefig(common.PICTURES + '/002_numpy_mlp_losses.png')

common.digest({'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2})
