"""Reads files of `documents` with programs of others, and compares what they read with what was written, to the öre.

Run by `check` beside this file. A file that is refused, or a sum that differs, is a failed check.
"""

import csv
import io
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

faults = []
done = Counter()


def ore(amount):
    """Whole öre of a decimal amount; anything finer is a fault."""
    whole = Decimal(amount) * 100
    if whole != whole.to_integral_value():
        raise ValueError(f"{amount} is finer than öre")
    return int(whole)


def expect(file, what, read, wanted):
    done[what] += 1
    if read != wanted:
        faults.append(f"{file}: {what}: read {read!r}, written {wanted!r}")


def expectations(folder):
    wanted = defaultdict(lambda: defaultdict(dict))
    with open(folder / "expected.tsv", encoding="utf-8", newline="") as lines:
        for line in lines:
            file, what, key, amount = line.rstrip("\n").split("\t")
            wanted[file][what][key] = int(amount)
    return wanted


def hledger(path, *arguments):
    run = subprocess.run(["hledger", "-f", str(path), *arguments], capture_output=True, text=True)
    if run.returncode != 0:
        faults.append(f"{path.name}: hledger {' '.join(arguments)}: {run.stderr.strip()}")
    return run.stdout


def hledger_sums(path, *arguments):
    """Sums by account number, or by what the arguments pivot on."""
    listed = hledger(path, "balance", "-E", "--flat", "--no-total", "--no-elide", "-O", "csv", *arguments)
    rows = list(csv.reader(io.StringIO(listed)))[1:]
    return {name: ore(amount.replace(" SEK", "")) for name, amount in rows}


def check_hledger(path, wanted):
    hledger(path, "check", "--strict")
    sums = {name.split(" ")[0]: amount for name, amount in hledger_sums(path).items()}
    expect(path.name, "hledger: sums of accounts", sums, wanted["account"])
    codes = hledger(path, "codes").split()
    expect(path.name, "hledger: vouchers", sorted(codes), sorted(wanted["voucher"]))
    if wanted["unit"]:
        units = {name: amount for name, amount in hledger_sums(path, "--pivot", "unit").items() if name}
        units = {name: amount for name, amount in units.items() if name in wanted["unit"]}
        expect(path.name, "hledger: sums of units", units, wanted["unit"])


def check_beancount(path, wanted):
    from beancount import loader
    from beancount.core.data import Transaction

    entries, errors, _ = loader.load_file(str(path))
    expect(path.name, "beancount: errors", [error.message for error in errors], [])
    sums, units, debit = Counter(), Counter(), Counter()
    for entry in entries:
        if not isinstance(entry, Transaction):
            continue
        debit[entry.meta["voucher"]] += 0
        for posting in entry.postings:
            amount = ore(posting.units.number)
            sums[posting.account.split(":")[1].split("-")[0]] += amount
            debit[entry.meta["voucher"]] += max(amount, 0)
            if "unit" in posting.meta:
                units[posting.meta["unit"]] += amount
    expect(path.name, "beancount: sums of accounts", dict(sums), wanted["account"])
    expect(path.name, "beancount: debit of vouchers", dict(debit), wanted["debit"])
    if wanted["unit"]:
        expect(path.name, "beancount: sums of units", dict(units), wanted["unit"])


def check_sie_bytes(path):
    """The bytes are code page 437 as Python knows it, and go back to the same bytes."""
    raw = path.read_bytes()
    text = raw.decode("cp437")
    expect(path.name, "cp437: same bytes", text.encode("cp437"), raw)
    expect(path.name, "cp437: lines", text.count("\n"), text.count("\r\n"))
    if path.stem == "books":
        said = [word for word in ("SYNTETISKA DATA: påhittade", "Förlossning Ost - ?2", '\\"checkräkning\\"') if word not in text]
        expect(path.name, "cp437: letters", said, [])


def main(folder):
    wanted = expectations(folder)
    if len(wanted) < 10:
        faults.append(f"{folder}: samples are missing")
    for name in wanted:
        if (folder / f"{name}.journal").exists():
            check_hledger(folder / f"{name}.journal", wanted[name])
            check_beancount(folder / f"{name}.beancount", wanted[name])
            check_sie_bytes(folder / f"{name}.si")
    for fault in faults:
        print(fault, file=sys.stderr)
    for what, count in sorted(done.items()):
        print(f"oracles: {what}: {count}")
    print(f"oracles: {sum(done.values()) - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
