"""Stores and reads credentials as SimpleTuner does: one JSON request a line, one answer a line.

A request holds a secret and a list of plaintexts or of tokens; the answer is the list of the other. Or it holds texts;
then the answer is what is below their two layers of base64, in hexadecimal, or nothing where Python refuses the text.
"""

import base64
import hashlib
import json
import sys

from cryptography.fernet import Fernet

SALT = b"simpletuner-credential-encryption-v1"



def below(text):
    try:
        return base64.urlsafe_b64decode(base64.urlsafe_b64decode(text.encode("ascii"))).hex()
    except ValueError:
        return None


for line in sys.stdin:
    request = json.loads(line)
    if "texts" in request:
        print(json.dumps([below(text) for text in request["texts"]]), flush=True)
        continue
    key = hashlib.pbkdf2_hmac("sha256", request["secret"].encode("utf-8"), SALT, 100_000, dklen=32)
    fernet = Fernet(base64.urlsafe_b64encode(key))
    if "plaintexts" in request:
        inner = [fernet.encrypt(text.encode("utf-8")) for text in request["plaintexts"]]
        answer = [base64.urlsafe_b64encode(token).decode("utf-8") for token in inner]
    else:
        inner = [base64.urlsafe_b64decode(text.encode("ascii")) for text in request["tokens"]]
        answer = [fernet.decrypt(token).decode("utf-8") for token in inner]
    print(json.dumps(answer), flush=True)
