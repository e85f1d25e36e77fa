"""Asks every address of the API what its description allows, and what it does not, with schemathesis.

`run.py PROGRAM ROOM` makes a demo in ROOM, serves it, and asks three times: as a controller with ids of things that are there, as a
controller with whatever ids, and as a clinic. It fails on a server error, on an answer outside the description, and where an address
was not asked.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
from pathlib import Path

PROGRAM, ROOM = Path(sys.argv[1]), Path(sys.argv[2])
DEEP = "VARDKEDJA_DEEP" in os.environ
DECISION = """[decision]
id = "{id}"
body = "HSN"
decided_on = 2021-03-15
known_from = 2021-03-15
"""


def demo():
    folder = ROOM / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    make = ["demo", "--folder", folder, "--scale", "400", "--to", "2021-03", "--no-serve"]
    subprocess.run([PROGRAM, *make], check=True, stdout=subprocess.DEVNULL)
    return folder


def serve(folder):
    log = open(ROOM / "server.log", "w+b")
    arguments = [PROGRAM, "serve", "--data", folder, "--roles", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    first = server.stderr.readline().decode()
    found = re.search(r"http://([^/]+)/", first)
    if not found:
        sys.exit(f"openapi: the server did not start: {first}")
    # What it logs is not held back.
    subprocess.Popen(["cat"], stdin=server.stderr, stdout=log)
    return server, found[1]


class Client:
    def __init__(self, address, role, name):
        self.address = address
        form = urllib.parse.urlencode({"roll": role, "name": name})
        head = {"Origin": f"http://{address}", "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(address)
        connection.request("POST", "/logga-in/roll", form, head)
        cookies = connection.getresponse().headers.get_all("Set-Cookie") or []
        self.token = next(re.search(r"__Host-vardkedja=(\w+)", one)[1] for one in cookies)

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.address)
        head = {"Authorization": f"Bearer {self.token}"}
        connection.request(method, f"/api/v1/{path}", body, head)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            sys.exit(f"openapi: {method} {path}: {answer.status} {text.decode()}")
        return json.loads(text)


def things(address):
    """Ids of things that are there: what is to be approved, attested, answered, paid and read."""
    anna, bo = (Client(address, "controller", name) for name in ("anna", "bo"))
    settlements = anna.ask("GET", "settlements")["settlements"]
    unit = anna.ask("GET", "payments")["to_pay"][0]["unit"]
    lines = anna.ask("GET", f"statements/2021-02/{unit}/lines?limit=50")["lines"]
    line = next(line for line in lines if line["contact_id"])
    proposals = [
        bo.ask("POST", "proposals", DECISION.format(id=f"prov-{number}"))["proposal"]
        for number in range(4)
    ]
    row = {"settlement": line["settlement"], "unit": unit, "contact": line["contact_id"]}
    row |= {"element": line["element"], "care_month": line["care_month"], "reason": "prov"}
    dispute = anna.ask("POST", "disputes", json.dumps(row))
    total = anna.ask("GET", "payments")["to_pay_ore"]
    run = anna.ask("POST", "payments", json.dumps({"total_ore": total}))[0]["run"]
    bo.ask("POST", "drafts", json.dumps({"month": "2021-04"}))
    draft = anna.ask("GET", "books")["drafts"][0]["id"]
    return {
        "/statements/": {"month": "2021-02", "unit": unit},
        "/months/": {"month": "2021-04"},
        "/contacts/": {"contact": line["contact_id"]},
        "/settlements/": {"id": settlements[-1]["id"]},
        "/drafts/": {"id": draft},
        "/disputes/": {"id": next(v for k, v in dispute.items() if k in ("id", "dispute"))},
        "/proposals/{proposal}$": {"proposal": proposals[0]},
        "/approval": {"proposal": proposals[1]},
        "/refusal": {"proposal": proposals[2]},
        "/withdrawal": {"proposal": proposals[3]},
        "/grants/": {"grant": "statsbidrag-2023"},
        "/periods/": {"period": "2021-01"},
        "/payments/": {"run": run},
    }


# What the description cannot say: one day before another, what was added since, what a grant allows.
RULES = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 401, 403, 404, 409, 412]
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 408, 409, 412, 413, 415]
"""
UNSAID = ["/bridge", "/register/changes", "/grants/{grant}/acts"]


def config(known):
    text = RULES
    for path in UNSAID:
        text += f'[[operations]]\ninclude-path = "/api/v1{path}"\n'
        text += 'checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404, 409, 412]\n'
        if known and path in ("/grants/{grant}/acts",):
            text += "parameters = { grant = \"statsbidrag-2023\" }\n"
    for path, ids in known.items():
        if path == "/grants/":
            continue
        pattern = re.escape(path.rstrip("$")) + ("$" if path.endswith("$") else "")
        values = ", ".join(f"{name} = {json.dumps(value)}" for name, value in ids.items())
        text += f"[[operations]]\ninclude-path-regex = '{pattern}'\nparameters = {{ {values} }}\n"
    file = ROOM / "schemathesis.toml"
    file.write_text(text)
    return file


def asked(address, name, client, known, seconds):
    report = ROOM / f"{name}.txt"
    program = ROOM / "venv" / "bin" / "st"
    phases = "examples,coverage,fuzzing,stateful" if DEEP else "examples,coverage,fuzzing"
    options = ["--phases", phases, "--max-examples", "60" if DEEP else "6", "--seed", "20261129"]
    options += ["--max-time", str(seconds), "--continue-on-failure"]
    options += ["--generation-database", "none", "--header", f"Authorization: Bearer {client.token}"]
    command = [program, "--no-color", "--config-file", config(known), "run", f"http://{address}/openapi.json"]
    done = subprocess.run([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOM)
    text = done.stdout.decode()
    report.write_text(text)
    tested = re.search(r"Selected: (\d+)/(\d+)\s+Tested: (\d+)", text)
    cases = re.search(r"(\d+) generated", text)
    if done.returncode or not tested or len(set(tested.groups())) != 1:
        print(text[-6000:])
        sys.exit(f"openapi: {name}: see {report}")
    print(f"openapi: {name}: {tested[3]} of {tested[2]} operations, {cases[1] if cases else '?'} cases, nothing outside the description")


def main():
    server, address = serve(demo())
    try:
        known = things(address)
        controller = Client(address, "controller", "anna")
        clinic = Client(address, "provider:danderyds-sjukhus-ab", "li")
        asked(address, "controller", controller, {}, 300 if DEEP else 18)
        asked(address, "clinic", clinic, {}, 300 if DEEP else 14)
        asked(address, "known", controller, known, 300 if DEEP else 18)
        if server.poll() is not None:
            sys.exit("openapi: the server ended")
    finally:
        server.terminate()
        server.wait()


main()
