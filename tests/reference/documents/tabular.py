"""Document 003: its data, from public tables in place of the author's train.csv and test.csv.

    optdigits          optdigits.tra and optdigits.tes; 3520 rows to train, the other 303 to validate
    winequality-red    rows 0 to 1279 to train, to 1439 to validate, the rest to test; quality 3 is class 0
The class stands in the last column, and not in the first.
"""

import os
import sys

import numpy as np

import common

data_dir = os.path.join(common.DATA, "tabular")

if sys.argv[1] == "optdigits":
    train_data = np.loadtxt(data_dir + '/optdigits.tra', delimiter=',')
    test_data = np.loadtxt(data_dir + '/optdigits.tes', delimiter=',')
    train_cutoff, num_classes = 3520, 10
else:
    data = np.loadtxt(data_dir + '/winequality-red.csv', delimiter=',')
    data[:, -1] -= 3
    train_data, test_data = data[:1440], data[1440:]
    train_cutoff, num_classes = 1280, 6

y_train_full = train_data[:, -1].astype(int)
X_train_full = train_data[:, :-1]

y_test = test_data[:, -1].astype(int)
X_test = test_data[:, :-1]

X_train_raw = X_train_full[:train_cutoff]
y_train = y_train_full[:train_cutoff]
X_val_raw = X_train_full[train_cutoff:]
y_val = y_train_full[train_cutoff:]

mean = X_train_raw.mean(axis=0, keepdims=True)
std = X_train_raw.std(axis=0, keepdims=True) + 1e-8

X_train_std = (X_train_raw - mean) / std
X_val_std = (X_val_raw - mean) / std
X_test_std = (X_test - mean) / std
