import numpy as np

import common
from circles import *

# Train the model
train_losses = train_model(model, train_loader, criterion, optimizer, num_epochs=common.epochs(100))

# Plot training loss: the first ten points of the curve, as numbers
for epoch, loss in enumerate(train_losses[:10]):
    print(f'train_losses[{epoch}] = {loss:.4f}')

# Evaluate the model
test_loss, test_accuracy = evaluate_model(model, test_loader, criterion)
print(f'Test Loss: {test_loss:.4f}')
print(f'Test Accuracy: {test_accuracy:.4f}')

# Save the model
torch.save(model.state_dict(), 'mlp_model.pth')

# Load the model (for later use)
loaded_model = MLP(input_size, hidden_sizes, output_size)
loaded_model.load_state_dict(torch.load('mlp_model.pth'))
loaded_model.eval()  # Set to evaluation mode

common.digest(model.state_dict())
