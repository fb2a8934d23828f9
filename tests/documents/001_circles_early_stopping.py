import common
from circles import *


def train_with_early_stopping(model, train_loader, val_loader, criterion, optimizer, patience=10, num_epochs=100):
    best_val_loss = float('inf')
    counter = 0

    for epoch in range(num_epochs):
        epoch_loss = train_epoch(model, train_loader, criterion, optimizer)

        # Validation after each epoch
        val_loss, _ = evaluate_model(model, val_loader, criterion)
        print(f'Epoch {epoch+1}/{num_epochs}, Loss: {epoch_loss:.4f}, Validation Loss: {val_loss:.4f}')

        # Check if validation loss improved
        if val_loss < best_val_loss:
            best_val_loss = val_loss
            counter = 0
            # Save best model
            torch.save(model.state_dict(), 'best_model.pth')
        else:
            counter += 1

        # Check early stopping condition
        if counter >= patience:
            print(f'Early stopping at epoch {epoch+1}')
            break


# The test data take the place of validation data, which the document does not make.
train_with_early_stopping(model, train_loader, test_loader, criterion, optimizer, num_epochs=common.epochs(100))
common.digest(torch.load('best_model.pth'))
