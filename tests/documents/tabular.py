"""Document 003: its data. Named on the command line:

    csv                train.csv and test.csv in this folder, as the author's are not public: class_first.py makes them
    optdigits          optdigits.tra and optdigits.tes; 3520 rows to train, the other 303 to validate
    winequality-red    rows 0 to 1279 to train, to 1439 to validate, the rest to test; quality 3 is class 0

In the public tables the class stands in the last column, which is made the first one, as in the author's files.
"""

import os
import sys

import numpy as np

import common

data_dir = os.path.join(common.DATA, "tabular")


def class_first(file):
    return np.roll(np.loadtxt(data_dir + file, delimiter=','), 1, axis=1)


train_cutoff = 4000
if sys.argv[1] == "csv":
    train_data = np.loadtxt('train.csv', delimiter=',')
    test_data = np.loadtxt('test.csv', delimiter=',')
elif sys.argv[1] == "optdigits":
    train_data, test_data = class_first('/optdigits.tra'), class_first('/optdigits.tes')
    train_cutoff = 3520
else:
    data = class_first('/winequality-red.csv')
    data[:, 0] -= 3
    train_data, test_data = data[:1440], data[1440:]
    train_cutoff = 1280

y_train_full = train_data[:, 0].astype(int)
X_train_full = train_data[:, 1:]

y_test = test_data[:, 0].astype(int)
X_test = test_data[:, 1:]

X_train_raw = X_train_full[:train_cutoff]
y_train = y_train_full[:train_cutoff]
X_val_raw = X_train_full[train_cutoff:]
y_val = y_train_full[train_cutoff:]

mean = X_train_raw.mean(axis=0, keepdims=True)
std = X_train_raw.std(axis=0, keepdims=True) + 1e-8

X_train_std = (X_train_raw - mean) / std
X_val_std = (X_val_raw - mean) / std
X_test_std = (X_test - mean) / std

num_classes = y_train_full.max() + 1  # 2 in the document
