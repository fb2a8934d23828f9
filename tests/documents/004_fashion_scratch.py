import torch
from torch.utils import data

import common

torch.manual_seed(0)


def init_params(num_inputs: int, num_outputs: int, num_hiddens: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    W1 = torch.normal(0, 0.01, size=(num_inputs, num_hiddens), requires_grad=True)
    b1 = torch.zeros(num_hiddens, requires_grad=True)
    W2 = torch.normal(0, 0.01, size=(num_hiddens, num_outputs), requires_grad=True)
    b2 = torch.zeros(num_outputs, requires_grad=True)
    return W1, b1, W2, b2


def relu(X: torch.Tensor) -> torch.Tensor:
    A = torch.zeros_like(X)
    return torch.max(A, X)


def mlp(X: torch.Tensor, W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor, b2: torch.Tensor) -> torch.Tensor:
    num_inputs = W1.shape[0]
    H1 = relu(X.reshape(-1, num_inputs) @ W1 + b1)
    H2 = H1 @ W2 + b2
    return H2


def softmax(X: torch.Tensor) -> torch.Tensor:
    X_exp = torch.exp(X)
    partition = X_exp.sum(1, keepdim=True)
    return X_exp / partition


def cross_entropy_loss(y_hat: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return -torch.mean(torch.log(y_hat[range(len(y_hat)), y]))


def updater(W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor, b2: torch.Tensor, lr: float) -> None:
    with torch.no_grad():
        W1 -= lr * W1.grad
        b1 -= lr * b1.grad
        W2 -= lr * W2.grad
        b2 -= lr * b2.grad
        W1.grad.zero_() # Reset gradients
        b1.grad.zero_() # Reset gradients
        W2.grad.zero_() # Reset gradients
        b2.grad.zero_() # Reset gradients


def load_data_fashion_mnist(batch_size: int) -> tuple[data.DataLoader, data.DataLoader]:
    mnist_train = common.idx_dataset("fashion-mnist", train=True)
    mnist_test = common.idx_dataset("fashion-mnist", train=False)
    train_iter = data.DataLoader(mnist_train, batch_size=batch_size, shuffle=True)
    test_iter = data.DataLoader(mnist_test, batch_size=batch_size, shuffle=False)
    return train_iter, test_iter


def accuracy(y_hat: torch.Tensor, y: torch.Tensor) -> float:
    y_pred = y_hat.argmax(dim=1) # (num_samples,)
    return float((y_pred == y).sum())


def evaluate_accuracy(data_iter: data.DataLoader, W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor, b2: torch.Tensor) -> float:
    acc_sum, n = 0.0, 0
    for X, y in data_iter:
        y_hat = mlp(X, W1, b1, W2, b2)
        y_hat = softmax(y_hat)
        acc_sum += accuracy(y_hat, y)
        n += len(y)
    return acc_sum / n


def train(
        train_iter: data.dataloader.DataLoader,  # Training data
        test_iter: data.dataloader.DataLoader,   # Test data
        W1: torch.Tensor, b1: torch.Tensor,      # Hidden layer parameters
        W2: torch.Tensor, b2: torch.Tensor,      # Output layer parameters
        num_epochs: int, lr: float               # Hyperparameters
) -> None:
    for epoch in range(num_epochs):
        for X, y in train_iter:
            # Forward pass
            y_hat = mlp(X, W1, b1, W2, b2)
            y_hat = softmax(y_hat)
            l = cross_entropy_loss(y_hat, y)

            # Backward pass
            l.backward()
            updater(W1, b1, W2, b2, lr)

        # Evaluate on test set
        eval_acc = evaluate_accuracy(test_iter, W1, b1, W2, b2)

        print(f'Epoch {epoch + 1}, Loss: {l.item():.4f}, Test Accuracy: {eval_acc:.4f}')

num_inputs, num_outputs = 28 * 28, 10      # Number of input features and output classes
num_hiddens = 256                          # Number of hidden units

num_epochs = common.epochs(10)              # Number of epochs
batch_size = 256                            # Number of samples per batch
lr = 0.1                                    # Learning rate
W1, b1, W2, b2 = init_params(num_inputs, num_outputs, num_hiddens) # Parameters

# Load the data
train_iter, test_iter = load_data_fashion_mnist(batch_size)

# Train the model
train(train_iter, test_iter, W1, b1, W2, b2, num_epochs, lr)

common.digest({'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2})
