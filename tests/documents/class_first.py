"""Writes train.csv and test.csv, of the form of document 003's: commas, the class in the first column, 4000 rows and more to
train with. They are made of optdigits: is the digit odd? Two classes, as in the document.

    class_first.py FOLDER      FOLDER has optdigits.tra and optdigits.tes; the files are written to the working directory
"""

import sys

rows = []
for name in ("optdigits.tra", "optdigits.tes"):
    with open(f"{sys.argv[1]}/{name}") as f:
        rows += [line.split(",") for line in f.read().split()]
for name, part in (("train.csv", rows[:4500]), ("test.csv", rows[4500:])):
    with open(name, "w") as f:
        f.writelines(",".join([str(int(row[-1]) % 2), *row[:-1]]) + "\n" for row in part)
