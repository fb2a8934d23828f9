#!/usr/bin/env bash
# PyTorch 2.15.0: with torch.serialization.set_crc32_options(False), which its documentation offers for speed, torch.save
# leaves the CRC-32 field of every member of the zip archive at 0, and torch.load never compares one. What else reads zip
# archives does: Python's zipfile raises BadZipFile for every member, as it would for a damaged file.
#
# Seen: torch.load gives the tensor back; the CRC fields are all 0; zipfile.ZipFile.testzip names the first member;
# read raises "Bad CRC-32 for file 'a/data/0'". A reader of .pth files compares a CRC only where it is not 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0
cd "$folder"
venv/bin/python -W ignore - <<'PYTHON'
import zipfile
import torch

assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
torch.serialization.set_crc32_options(False)
torch.save({"w": torch.arange(4.0)}, "a.pth")
loaded = torch.load("a.pth", weights_only=True)["w"].tolist()
archive = zipfile.ZipFile("a.pth")
fields = [member.CRC for member in archive.infolist()]
first_bad = archive.testzip()
try:
    archive.read("a/data/0")
    read = "read"
except zipfile.BadZipFile as error:
    read = f"BadZipFile: {error}"
print("torch.load:", loaded)
print("CRC fields:", fields)
print("testzip:   ", first_bad)
print("read:      ", read)
assert loaded == [0, 1, 2, 3] and not any(fields) and first_bad == "a/data.pkl"
assert read == "BadZipFile: Bad CRC-32 for file 'a/data/0'"
print("as found: PyTorch 2.15.0 reads its own file, zipfile calls every member damaged")
PYTHON
