import torch
import torch.nn as nn
import torch.optim as optim

import common

torch.manual_seed(0)

# data
X = torch.tensor([[5.0, 7.0], [1.0, 2.0], [10.0, 6.0], [2.0, 8.0]])
y = torch.tensor([[1.0], [0.0], [1.0], [0.0]])

# model
model = nn.Sequential(
    nn.Linear(2, 4),
    nn.ReLU(),
    nn.Linear(4, 1),
    nn.Sigmoid()
)

# loss + optimizer
loss_fn = nn.BCELoss()
opt = optim.Adam(model.parameters(), lr=0.01)

# training; every loss is printed here, and not each hundredth
for epoch in range(common.epochs(1000)):
    pred = model(X)
    loss = loss_fn(pred, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    print(f"epoch {epoch}, loss: {loss.item():.4f}")

# save
torch.save(model.state_dict(), "mlp_student.pth")
print("model saved.")

# inference
model.load_state_dict(torch.load("mlp_student.pth"))
model.eval()
new_student = torch.tensor([[6.0, 5.0]])
with torch.no_grad():
    print("pass probability:", model(new_student).item())
