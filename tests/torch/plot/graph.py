#!/usr/bin/env python3
"""Writes graph.txt: computation graphs as torchviz draws them, in a form without addresses.

    python3 graph.py            needs torch and torchviz

For each network a line "graph NAME", and then the nodes in the order of a walk from the result, in which a node's inputs
follow in their order, depth first, each node once:
    n NUMBER COLOR LABEL        COLOR - for that of all others, LABEL with "|" for a newline
and the edges in the order in which the walk meets them:
    e FROM TO
tests/torch/plot/test_plot.c builds the same networks and compares. They are of operations whose nodes are the same in Wick as in
PyTorch; Wick's Linear, for one, transposes within AddmmBackward0, where PyTorch has a TBackward0 of its own."""
import os
import re

import torch
import torchviz


def named(**p):
    return p


def leaf(*shape):
    return torch.rand(*shape, requires_grad=True)


def mlp():
    W1, b1, W2, b2, x = leaf(3, 4), leaf(4), leaf(4, 2), leaf(2), torch.rand(5, 3)
    h = torch.tanh(x @ W1 + b1)
    return ((h @ W2 + b2) ** 2).mean(), named(W1=W1, b1=b1, W2=W2, b2=b2)


def custom_layer():
    """The custom layer of the tutorial: x W^T + b, times 3."""
    W, b, t = leaf(5, 3), leaf(5), torch.rand(10, 3)
    return 3 * (torch.matmul(t, torch.transpose(W, 0, 1)) + b), named(W=W, b=b)


def shared():
    """One tensor in several places, and a node with two consumers."""
    w, v = leaf(3), leaf(3)
    y = torch.exp(w)
    return (y * y + y * torch.sin(v) + w).sum(), named(w=w, v=v)


def diamond():
    x = leaf(2, 2)
    a = torch.sigmoid(x)
    return torch.relu(a) + torch.cat([a, x], 0).mean(), named(x=x)


def unnamed():
    a, b = leaf(2, 3), leaf(())
    return torch.log_softmax(a * b, 1), None


def a_leaf():
    return leaf(4), None


def constant():
    return torch.rand(2), None


def deep():
    x = leaf(2)
    y = x
    for i in range(40):
        y = torch.sin(y) + y
    return y.sum(), named(x=x)


def body_of(dot):
    nodes, inputs = {}, {}
    for line in dot.body:
        line = line.strip()
        edge = re.fullmatch(r"(\d+) -> (\d+)", line)
        if edge:
            inputs.setdefault(edge[2], []).append(edge[1])
            continue
        node = re.fullmatch(r'(\d+) \[label="?(.*?)"?(?: fillcolor=(\w+))?\]', line, re.S)
        assert node, line
        nodes[node[1]] = (node[2], node[3])
    return nodes, inputs


def canonical(root, nodes, inputs):
    number, lines, edges = {}, [], []

    def visit(node):
        number[node] = len(number)
        label, color = nodes[node]
        lines.append("n %d %s %s" % (number[node], color or "-", label.replace("\n", "|").replace("\\n", "|")))

    stack = [(root, iter(inputs.get(root, [])))]
    visit(root)
    while stack:
        node, left = stack[-1]
        follow = next(left, None)
        if follow is None:
            stack.pop()
            continue
        new = follow not in number
        if new:
            visit(follow)
        edges.append("e %d %d" % (number[follow], number[node]))
        if new:
            stack.append((follow, iter(inputs.get(follow, []))))
    assert len(number) == len(nodes)
    return lines + edges


def main():
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    out = ["# graph.py; torch %s, torchviz 0.0.3" % torch.__version__.split("+")[0]]
    for network in [mlp, custom_layer, shared, diamond, unnamed, a_leaf, constant, deep]:
        y, params = network()
        dot = torchviz.make_dot(y, params=params)
        out.append("graph " + network.__name__)
        out += canonical(str(id(y)), *body_of(dot))
    out.append("end")
    with open("graph.txt", "w") as f:
        f.write("\n".join(out) + "\n")


main()
