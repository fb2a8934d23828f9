import common
from circles import *


# Custom weight initialization
def init_weights(m):
    if type(m) == nn.Linear:
        torch.nn.init.xavier_uniform_(m.weight)
        m.bias.data.fill_(0.01)


# Apply to model
model.apply(init_weights)

train_losses = train_model(model, train_loader, criterion, optimizer, num_epochs=common.epochs(100))
for epoch, loss in enumerate(train_losses[:10]):
    print(f'train_losses[{epoch}] = {loss:.4f}')
common.digest(model.state_dict())
