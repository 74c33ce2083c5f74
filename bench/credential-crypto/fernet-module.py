"""What SimpleTuner does with a credential, timed from inside: one request a line, answered with CPU microseconds a call.

The key is derived once, outside of what is timed; what is timed is what each stored value costs.
"""

import base64
import hashlib
import json
import sys
import time

from cryptography import __version__
from cryptography.fernet import Fernet

SALT = b"simpletuner-credential-encryption-v1"
fernet = Fernet(base64.urlsafe_b64encode(hashlib.pbkdf2_hmac("sha256", b"a secret", SALT, 100_000, 32)))


def encrypt(plaintext: str) -> str:
    return base64.urlsafe_b64encode(fernet.encrypt(plaintext.encode("utf-8"))).decode("ascii")


def decrypt(token: str) -> str:
    return fernet.decrypt(base64.urlsafe_b64decode(token.encode("ascii"))).decode("utf-8")


works = {"encrypt": encrypt, "decrypt": decrypt}
version = f"Python {sys.version.split()[0]}, cryptography {__version__}"
print(json.dumps({"version": version}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    work = works[request["work"]]
    given = encrypt(request["text"]) if request["work"] == "decrypt" else request["text"]
    started = time.process_time_ns()
    for _ in range(request["count"]):
        work(given)
    spent = time.process_time_ns() - started
    print(json.dumps({"microseconds": spent / request["count"] / 1000}), flush=True)
