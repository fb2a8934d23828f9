import numpy as np

# Activation functions
relu = lambda x: np.maximum(0, x)
sigmoid = lambda x: 1 / (1 + np.exp(-x))
tanh = lambda x: (np.exp(x)-np.exp(-x)) / (np.exp(x)+np.exp(-x))

# Their gradients; np.float is float since NumPy 1.24
g_relu = lambda x: np.array(relu(x) > 0, dtype=float)
g_sigmoid = lambda x: sigmoid(x) * (1-sigmoid(x))
g_tanh = lambda x: (1 - tanh(x) ** 2)

x = np.linspace(-4, 4, num=1024)

# What the two plots show, at each hundredth point
for i in range(0, 1024, 100):
    print(f'x={x[i]:.6f} relu={relu(x)[i]:.6f} sigmoid={sigmoid(x)[i]:.6f} tanh={tanh(x)[i]:.6f} '
          f'g_relu={g_relu(x)[i]:.6f} g_sigmoid={g_sigmoid(x)[i]:.6f} g_tanh={g_tanh(x)[i]:.6f}')
