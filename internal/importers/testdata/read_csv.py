"""Reads a CSV file with Python's module csv."""

import csv
import json
import sys

with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    for row in csv.DictReader(file, strict=True):
        print(json.dumps(row))
