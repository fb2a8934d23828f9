import numpy as np

import common
from circles import *

# Train the model
train_losses = train_model(model, train_loader, criterion, optimizer, num_epochs=common.epochs(100))

# Evaluate the model
test_loss, test_accuracy = evaluate_model(model, test_loader, criterion)
print(f'Test Loss: {test_loss:.4f}')
print(f'Test Accuracy: {test_accuracy:.4f}')

# Plot training loss: the first ten points of the curve, as numbers
for epoch, loss in enumerate(train_losses[:10]):
    print(f'train_losses[{epoch}] = {loss:.4f}')


# Visualize decision boundary
def plot_decision_boundary(model, X, y):
    # Set min and max values with some margin
    x_min, x_max = X[:, 0].min() - 0.5, X[:, 0].max() + 0.5
    y_min, y_max = X[:, 1].min() - 0.5, X[:, 1].max() + 0.5

    # Create a mesh grid
    h = 0.01  # Step size
    xx, yy = np.meshgrid(np.arange(x_min, x_max, h), np.arange(y_min, y_max, h))

    # Predict for each point in the mesh
    Z = model(torch.FloatTensor(np.c_[xx.ravel(), yy.ravel()])).detach().numpy()
    Z = Z.reshape(xx.shape)

    # Plot the contour and data points
    plt.figure(figsize=(10, 8))
    plt.contourf(xx, yy, Z, cmap=plt.cm.Spectral, alpha=0.8)
    plt.scatter(X[:, 0], X[:, 1], c=y, cmap=plt.cm.Spectral)
    plt.title('Decision Boundary')
    plt.xlabel('Feature 1')
    plt.ylabel('Feature 2')
    plt.savefig(common.PICTURES + '/001_circles_decision_boundary.png')  # plt.show()


if common.PICTURES:
    import matplotlib.pyplot as plt

    # Plot training loss
    plt.figure(figsize=(10, 5))
    plt.plot(train_losses, label='Training Loss')
    plt.title('Training Loss Over Epochs')
    plt.xlabel('Epochs')
    plt.ylabel('Loss')
    plt.legend()
    plt.grid(True)
    plt.savefig(common.PICTURES + '/001_circles_training_loss.png')  # plt.show()

    # Convert tensors to numpy for plotting
    X_all = torch.cat((X_train, X_test), 0).numpy()
    y_all = torch.cat((y_train, y_test), 0).numpy().flatten()

    # Plot decision boundary
    plot_decision_boundary(model, X_all, y_all)

# Save the model
torch.save(model.state_dict(), 'mlp_model.pth')

# Load the model (for later use)
loaded_model = MLP(input_size, hidden_sizes, output_size)
loaded_model.load_state_dict(torch.load('mlp_model.pth'))
loaded_model.eval()  # Set to evaluation mode

common.digest(model.state_dict())
