"""Document 001: what its listings share."""

import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)


# Create synthetic data
def generate_data(n_samples=1000):
    # Generate binary classification data
    np.random.seed(42)
    X = np.random.randn(n_samples, 2)

    # Create non-linear decision boundary
    y = (X[:, 0]**2 + X[:, 1]**2 > 1.5).astype(np.float32)

    # Convert to PyTorch tensors
    X_tensor = torch.FloatTensor(X)
    y_tensor = torch.FloatTensor(y).reshape(-1, 1)

    # Split into train and test
    train_size = int(0.8 * n_samples)
    X_train, X_test = X_tensor[:train_size], X_tensor[train_size:]
    y_train, y_test = y_tensor[:train_size], y_tensor[train_size:]

    return X_train, y_train, X_test, y_test


X_train, y_train, X_test, y_test = generate_data(1000)

# Create DataLoader for batch processing
train_dataset = TensorDataset(X_train, y_train)
test_dataset = TensorDataset(X_test, y_test)

train_loader = DataLoader(train_dataset, batch_size=32, shuffle=True)
test_loader = DataLoader(test_dataset, batch_size=32)


class MLP(nn.Module):
    def __init__(self, input_size, hidden_sizes, output_size, dropout_rate=0.2):
        super(MLP, self).__init__()

        # Create list to hold all layers
        layers = []

        # Input layer
        layers.append(nn.Linear(input_size, hidden_sizes[0]))
        layers.append(nn.ReLU())
        layers.append(nn.Dropout(dropout_rate))

        # Hidden layers
        for i in range(len(hidden_sizes)-1):
            layers.append(nn.Linear(hidden_sizes[i], hidden_sizes[i+1]))
            layers.append(nn.ReLU())
            layers.append(nn.Dropout(dropout_rate))

        # Output layer
        layers.append(nn.Linear(hidden_sizes[-1], output_size))
        layers.append(nn.Sigmoid())  # For binary classification

        # Combine all layers into a sequential model
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


# Define model hyperparameters
input_size = 2           # Our data has 2 features
hidden_sizes = [64, 32]  # Two hidden layers with 64 and 32 neurons
output_size = 1          # Binary classification (single output with sigmoid)

# Create the model
model = MLP(input_size, hidden_sizes, output_size)
print(model)

# Define loss function and optimizer
criterion = nn.BCELoss()  # Binary Cross Entropy Loss
optimizer = optim.Adam(model.parameters(), lr=0.001)


# "Training code as before": one epoch of the loop in train_model
def train_epoch(model, train_loader, criterion, optimizer):
    model.train()  # Set model to training mode
    running_loss = 0.0

    for inputs, targets in train_loader:
        # Zero the parameter gradients
        optimizer.zero_grad()

        # Forward pass
        outputs = model(inputs)
        loss = criterion(outputs, targets)

        # Backward pass and optimize
        loss.backward()
        optimizer.step()

        running_loss += loss.item() * inputs.size(0)

    # Calculate epoch loss
    return running_loss / len(train_loader.dataset)


def train_model(model, train_loader, criterion, optimizer, num_epochs=100):
    # Lists to store metrics
    train_losses = []

    # Training loop
    for epoch in range(num_epochs):
        epoch_loss = train_epoch(model, train_loader, criterion, optimizer)
        train_losses.append(epoch_loss)

        # Print progress
        if (epoch+1) % 10 == 0:
            print(f'Epoch {epoch+1}/{num_epochs}, Loss: {epoch_loss:.4f}')

    return train_losses


def evaluate_model(model, test_loader, criterion):
    model.eval()  # Set model to evaluation mode
    test_loss = 0.0
    correct = 0
    total = 0

    # No gradient calculation needed for evaluation
    with torch.no_grad():
        for inputs, targets in test_loader:
            # Forward pass
            outputs = model(inputs)

            # Calculate loss
            loss = criterion(outputs, targets)
            test_loss += loss.item() * inputs.size(0)

            # Calculate accuracy
            predicted = (outputs > 0.5).float()
            total += targets.size(0)
            correct += (predicted == targets).sum().item()

    # Calculate metrics
    avg_loss = test_loss / len(test_loader.dataset)
    accuracy = correct / total

    return avg_loss, accuracy
