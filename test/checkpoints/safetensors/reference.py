"""Holds reader-cases.ts against the reference reader of the format, the safetensors package.

    npx tsx test/checkpoints/safetensors/print-cases.ts | python test/checkpoints/safetensors/reference.py

A case must say where the reference reader decides otherwise (`differs`), and only there.
Last run with safetensors 0.8.0.
"""

import base64
import json
import sys

from safetensors import SafetensorError, deserialize


def accepts(data):
    try:
        deserialize(data)
        return True
    except SafetensorError:
        return False


wrong = 0
cases = json.load(sys.stdin)
for case in cases:
    same = accepts(base64.b64decode(case["bytes"])) == (case["verdict"] == "accepted")
    if same == ("differs" in case):
        wrong += 1
        print(f"{case['what']}: the reference reader {'agrees' if same else 'does not agree'}")
print(f"{len(cases)} cases, {wrong} wrong")
sys.exit(wrong > 0)
