"""How fast the workplace answers: every page at 50 requests a second, asked by `hey` (Debian's package).

`python3 bench/load.py PROGRAM DATA [SECONDS]` serves the data folder DATA (a demo: roles are chosen), finds one address of every page of
docs/rights.md by following links, asks each for SECONDS (6) at 50 requests a second, once by five clients who ask at the same moment
and once by one client, and prints a table for docs/load.md: bytes, the times within which half, 99 of a hundred and all of the answers
came, and the processor's time for one answer, which says the same on a machine that is busy. A page that takes a second is asked once.
"""

import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

PROGRAM, DATA = sys.argv[1], sys.argv[2]
SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 6
ROOT = Path(__file__).resolve().parent.parent
# Pages that no other page links to for everybody.
MORE = ["/invandningar", "/betalningar", "/avrakning/upplupet", "/beslut/nytt", "/logg/kontroll", "/konton"]
MORE += ["/kliniken", "/sok?q=danderyd", "/logg/stickprov?seed=matning"]


def patterns():
    text = (ROOT / "docs" / "rights.md").read_text().split("## Pages")[1].split("## Acts")[0]
    return re.findall(r"^\| `(/[^`]*)` \|", text, re.M)


def as_regex(pattern):
    return re.compile("^" + re.sub(r"\\{\w+\\}", "[^/?#]+", re.escape(pattern)) + "$")


class Client:
    def __init__(self, address, role):
        self.address = address
        form = urllib.parse.urlencode({"roll": role, "name": "matning"})
        head = {"Origin": f"http://{address}", "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(address)
        connection.request("POST", "/logga-in/roll", form, head)
        cookies = connection.getresponse().headers.get_all("Set-Cookie") or []
        self.cookie = next(re.search(r"(__Host-vardkedja=\w+)", one)[1] for one in cookies)

    def get(self, path):
        connection = http.client.HTTPConnection(self.address, timeout=180)
        connection.request("GET", path, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def made(self, path):
        """A page once its work is done."""
        for _ in range(600):
            status, headers, body = self.get(path)
            if not headers.get("Refresh"):
                return status, headers, body
            time.sleep(0.2)
        raise SystemExit(f"load: {path} was never made")


def crawl(client, wanted):
    """One address of each page, by following links, nearest first."""
    found, seen, queue = {}, set(), ["/", *MORE]
    left, regexes = set(wanted), {pattern: as_regex(pattern) for pattern in wanted}
    while queue and left:
        url = queue.pop(0)
        path = url.split("?")[0].split("#")[0]
        if path in seen:
            continue
        seen.add(path)
        # An address that is written out is of no pattern; of a pattern one address is enough.
        kind = path if path in wanted else next((one for one in wanted if regexes[one].match(path)), None)
        if kind not in left:
            continue
        status, headers, body = client.made(url)
        if status != 200:
            continue
        found[kind] = url
        left.discard(kind)
        if "text/html" in headers.get("Content-Type", ""):
            links = re.findall(r'href="(/[^"]*)"', body.decode())
            queue += [one.replace("&amp;", "&") for one in links if not one.startswith("/static") and ".as=" not in one]
    return found, sorted(left)


def processor(server):
    """Milliseconds of processor that the server has used."""
    fields = Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(address, cookie, url, clients):
    """50 requests a second, by so many clients who all ask at the same moment."""
    rate = str(50 // clients)
    command = ["hey", "-z", f"{SECONDS}s", "-c", str(clients), "-q", rate, "-o", "csv", "-t", "60", "-disable-redirects"]
    command += ["-H", f"Cookie: {cookie}", f"http://{address}{url}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split(",") for line in text.splitlines()[1:] if line]
    times = sorted(float(row[0]) for row in rows)
    statuses = {row[6] for row in rows}
    def at(part):
        return 1000 * times[min(len(times) - 1, int(part * len(times)))]
    return len(times), at(0.5), at(0.99), 1000 * times[-1], ",".join(sorted(statuses))


def main():
    with tempfile.TemporaryFile() as log:
        arguments = [PROGRAM, "serve", "--data", DATA, "--roles", "--listen", "127.0.0.1:0"]
        server = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            address = re.search(r"http://([^/]+)/", server.stderr.readline().decode())[1]
            subprocess.Popen(["cat"], stdin=server.stderr, stdout=log)
            run(address, server.pid)
        finally:
            server.terminate()
            server.wait()


def run(address, server):
    wanted, rows = patterns(), []
    for role in ["controller", "administrator", "provider:danderyds-sjukhus-ab"]:
        try:
            client = Client(address, role)
        except StopIteration:
            continue
        found, left = crawl(client, wanted)
        wanted = left
        for pattern, url in found.items():
            client.made(url)
            begun, used = time.monotonic(), processor(server)
            _, _, body = client.made(url)
            took = 1000 * (time.monotonic() - begun)
            figures = (1, took, took, took, "200") if took > 1000 else measured(address, client.cookie, url, 5)
            each = (processor(server) - used) / (figures[0] + (took <= 1000))
            alone = figures if took > 1000 else measured(address, client.cookie, url, 1)
            rows.append((pattern, url, len(body), *figures, each, *alone[1:3]))
            print(rows[-1], file=sys.stderr)
    print("| page | asked | kB | answers | p50 ms | p99 ms | longest ms | processor ms | one by one p50 | p99 |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for pattern, url, size, count, half, most, longest, status, each, half_alone, most_alone in sorted(rows, key=lambda row: -row[8]):
        shown = "" if status == "200" else f" ({status})"
        print(f"| `{pattern}` | `{url}`{shown} | {size / 1000:.0f} | {count} | {half:.1f} | {most:.1f} | {longest:.1f} | {each:.1f} | {half_alone:.1f} | {most_alone:.1f} |")
    if wanted:
        print("\nNot reached by links: " + ", ".join(f"`{one}`" for one in wanted))


main()
