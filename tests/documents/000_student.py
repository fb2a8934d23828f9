import torch
import torch.nn as nn
import torch.optim as optim

import common

torch.manual_seed(0)

# Step 1
X = torch.tensor([
    [5.0, 7.0],
    [1.0, 2.0],
    [10.0, 6.0],
    [2.0, 8.0]
])
y = torch.tensor([
    [1.0],
    [0.0],
    [1.0],
    [0.0]
])

# Step 2
model = nn.Sequential(
    nn.Linear(2, 4),  # input layer → hidden layer
    nn.ReLU(),        # activation
    nn.Linear(4, 1),  # hidden layer → output layer
    nn.Sigmoid()      # squash into 0–1 probability
)

dummy = torch.tensor([[3.0, 5.0]])
print(model(dummy))

# Step 3
loss_fn = nn.BCELoss()
opt = optim.Adam(model.parameters(), lr=0.01)

# Step 4
for epoch in range(common.epochs(1000)):
    pred = model(X)
    loss = loss_fn(pred, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 100 == 0:
        print(f"epoch {epoch}, loss: {loss.item():.4f}")

# Step 5
torch.save(model.state_dict(), "mlp_student.pth")
print("model saved.")
common.digest(model.state_dict())

# define the same architecture
model = nn.Sequential(
    nn.Linear(2, 4),
    nn.ReLU(),
    nn.Linear(4, 1),
    nn.Sigmoid()
)

# load weights
model.load_state_dict(torch.load("mlp_student.pth"))
model.eval()

# predict new student
new_student = torch.tensor([[6.0, 5.0]])
with torch.no_grad():
    prob = model(new_student).item()
    print("pass probability:", prob)
