import common
from circles import *

# Define a learning rate scheduler
scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, 'min', patience=5, factor=0.5)


# Modify training loop to use scheduler
def train_with_scheduler(model, train_loader, criterion, optimizer, scheduler, num_epochs=100):
    for epoch in range(num_epochs):
        epoch_loss = train_epoch(model, train_loader, criterion, optimizer)

        # Add scheduler step after each epoch
        scheduler.step(epoch_loss)

        print(f'Epoch {epoch+1}/{num_epochs}, Loss: {epoch_loss:.4f}, lr: {optimizer.param_groups[0]["lr"]}')


train_with_scheduler(model, train_loader, criterion, optimizer, scheduler, num_epochs=common.epochs(100))
common.digest(model.state_dict())
