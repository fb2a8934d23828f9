import numpy as np

import common

# Activation functions
relu = lambda x: np.maximum(0, x)
sigmoid = lambda x: 1 / (1 + np.exp(-x))
tanh = lambda x: (np.exp(x)-np.exp(-x)) / (np.exp(x)+np.exp(-x))

# Their gradients; np.float is float since NumPy 1.24
g_relu = lambda x: np.array(relu(x) > 0, dtype=float)
g_sigmoid = lambda x: sigmoid(x) * (1-sigmoid(x))
g_tanh = lambda x: (1 - tanh(x) ** 2)

x = np.linspace(-4, 4, num=1024)

if common.PICTURES:
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(nrows=1, ncols=2, figsize=(16,5))
    axes[0].plot(x, relu(x), x, sigmoid(x), x, tanh(x))
    axes[1].plot(x, g_relu(x), x, g_sigmoid(x), x, g_tanh(x))
    legend_entries = (r'\mathrm{ReLU}(x)', r'\sigma(x)', r'\mathrm{tanh}(x)')
    for ax, legend_prefix in zip(axes, ('', r'\frac{\partial}{\partial x}')):
        ax.legend(tuple(f'${legend_prefix}{legend_entry}$' for legend_entry in legend_entries))
    plt.savefig(common.PICTURES + '/002_activations_functions.png')

# What the two plots show, at each hundredth point
for i in range(0, 1024, 100):
    print(f'x={x[i]:.6f} relu={relu(x)[i]:.6f} sigmoid={sigmoid(x)[i]:.6f} tanh={tanh(x)[i]:.6f} '
          f'g_relu={g_relu(x)[i]:.6f} g_sigmoid={g_sigmoid(x)[i]:.6f} g_tanh={g_tanh(x)[i]:.6f}')
