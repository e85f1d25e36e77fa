"""A region settled, undone, disputed, paid and accrued through the program, and everything it exports read by programs of others: their
sums are those of the ledger, to the öre.

Run by `check` beside this file: demo.py PROGRAM FOLDER. With VARDKEDJA_DEEP it is the whole demo: five years of the whole region.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path

from check import check_pdf, done, expect, faults, hledger, hledger_sums, ore, people

ROOT = Path(__file__).resolve().parents[4]
# Thousandths of the region, the last month and the one before.
SCALE, LAST, BEFORE = ("1000", "2025-12", "2025-11") if os.environ.get("VARDKEDJA_DEEP") else ("12", "2021-05", "2021-04")


def main(program, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data = folder / "demo"

    def run(*arguments, codes=(0,)):
        command = [program, "--data", data, "--format", "json", "--as", "kontrollant", *arguments]
        said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        if said.returncode not in codes:
            sys.exit(f"oracles: {' '.join(map(str, arguments))}: {said.returncode}: {said.stderr}")
        return json.loads(said.stdout) if said.stdout.strip().startswith(("{", "[")) else None

    run("demo", "--scale", SCALE, "--to", LAST, "--folder", data)
    last = run("settlements")["settlements"][-1]["id"]
    run("books", "undo", last, "--reason", "prov")
    run("settle", "--month", LAST, "--book")
    pay(run, folder, "b-1")
    payees = [one["payee"] for one in run("pay", "show")["payments"]]
    run("pay", "return", "b-1", "--payee", payees[0])
    run("pay", "confirm", "b-1")
    pay(run, folder, "b-2")

    chart = tomllib.loads((ROOT / "ratebook/demo/demo-finance.toml").read_text(encoding="utf-8"))
    number = {account["role"]: str(account["number"]) for account in chart["account"]}
    balances = {number[row["account"]]: row["balance_ore"] for row in run("books", "balance")["rows"]}
    units = Counter()
    for row in run("books", "balance", "--by", "unit")["rows"]:
        if row["account"] == "care-cost":
            units[row["key"]] += row["balance_ore"]

    journal, beancount, sie = (folder / f"SYNTETISK.{end}" for end in ("journal", "beancount", "si"))
    run("export", "hledger", "--out", journal)
    run("export", "beancount", "--out", beancount)
    run("export", "sie", "--out", sie)
    hledger(journal, "check", "--strict")
    sums = {name.split(" ")[0]: amount for name, amount in hledger_sums(journal).items()}
    expect(journal.name, "demo, hledger: sums of accounts", sums, balances)
    cost = hledger_sums(journal, "--pivot", "unit", "acct:" + number["care-cost"])
    expect(journal.name, "demo, hledger: cost of units", cost, dict(units))
    read_beancount(beancount, balances)
    read_sie(sie, balances, program)
    workbook, ledger, lines = (folder / f"SYNTETISK-{name}" for name in ("bok.xlsx", "bok.parquet", "rader.parquet"))
    run("export", "xlsx", "--out", workbook)
    read_workbook(workbook, balances)
    made = run("export", "parquet", "--of", "ledger", "--out", ledger)
    read_ledger(ledger, made["rows"], balances, units, number["care-cost"])
    made = run("export", "parquet", "--of", "lines", "--out", lines)
    settlements = {one["id"]: (one["lines"], one["total_ore"]) for one in run("settlements")["settlements"]}
    read_lines(lines, made, settlements, units)
    for settlement in run("settlements")["settlements"]:
        read_invoices(run, settlement["id"], folder / settlement["id"])
    unit = max(units, key=units.get)
    for month in (LAST, BEFORE):
        read_statement(run, unit, month, folder / f"SYNTETISK-{month}.pdf")
    read_measures(run, LAST[:4], folder / "SYNTETISK-uppfoljning.json")


def pay(run, folder, run_id):
    """Sends everything that can be paid, and reads the file of it as the bank would."""
    paid = [one["amount_ore"] for one in run("pay", "send")]
    path = folder / f"SYNTETISK-{run_id}.xml"
    run("export", "pain001", "--run", run_id, "--out", path, "--allow-synthetic")
    read_payments(path, paid)


def read_beancount(path, balances):
    from beancount import loader
    from beancount.core.data import Transaction

    entries, errors, _ = loader.load_file(str(path))
    expect(path.name, "demo, beancount: errors", [error.message for error in errors], [])
    sums = Counter()
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            sums[posting.account.split(":")[1].split("-")[0]] += ore(posting.units.number)
    expect(path.name, "demo, beancount: sums of accounts", dict(sums), balances)


def read_sie(path, balances, program):
    """The reader is a crate, so a small program beside ours asks it."""
    reader = program.parent / "examples" / "read_sie"
    read = subprocess.run([reader, path], capture_output=True, text=True)
    expect(path.name, "demo, SIE: errors", read.stderr, "")
    sums = dict(line.split(" ") for line in read.stdout.splitlines())
    vouchers = path.read_bytes().count(b"#VER ")
    expect(path.name, "demo, SIE: vouchers, each of which balances", int(sums.pop("vouchers", 0)), vouchers)
    expect(path.name, "demo, SIE: sums of accounts", {key: int(amount) for key, amount in sums.items()}, balances)


def read_workbook(path, balances):
    """The postings as they stand, and the sums of accounts that were written beside their formulas."""
    import openpyxl

    def rows(sheet):
        table = list(sheet.iter_rows(values_only=True))
        heads = next(at for at, row in enumerate(table) if "Konto" in row)
        return [dict(zip(table[heads], row)) for row in table[heads + 1 :]]

    def kronor(amount):
        return ore(Decimal(str(amount or 0)))

    shown, live = (openpyxl.load_workbook(path, data_only=only) for only in (True, False))
    sums = Counter()
    *postings, last = rows(shown["Verifikationer"])
    for row in postings:
        sums[row["Konto"]] += kronor(row["Debet"]) - kronor(row["Kredit"])
    expect(path.name, "demo, workbook: sums of accounts", dict(sums), balances)
    debit = sum(kronor(row["Debet"]) for row in postings)
    expect(path.name, "demo, workbook: debit and credit", (kronor(last["Debet"]), kronor(last["Kredit"])), (debit, debit))
    *accounts, _ = rows(shown["Konton"])
    stated = {row["Konto"]: kronor(row["Saldo"]) for row in accounts if kronor(row["Debet"]) or kronor(row["Kredit"])}
    expect(path.name, "demo, workbook: stated sums", {key: stated[key] for key in balances}, balances)
    formulas = [str(row["Debet"]).startswith("=SUMIFS(") for row in rows(live["Konton"])[:-1]]
    expect(path.name, "demo, workbook: sums are formulas", formulas, [True] * len(accounts))
    marks = {row["Märke"][: len("SYNTETISKA DATA")] for row in postings + accounts}
    expect(path.name, "demo, workbook: marks", marks, {"SYNTETISKA DATA"})


def read_parquet(path, query):
    import duckdb

    return duckdb.connect().execute(query.format(f"read_parquet('{path}')")).fetchall()


def read_ledger(path, rows, balances, units, care_cost):
    sums = read_parquet(path, "SELECT account, SUM(amount_ore) FROM {} GROUP BY account")
    expect(path.name, "demo, Parquet: sums of accounts", {key: int(amount) for key, amount in sums}, balances)
    cost = read_parquet(path, f"SELECT unit, SUM(amount_ore) FROM {{}} WHERE account = '{care_cost}' GROUP BY unit")
    expect(path.name, "demo, Parquet: cost of units", {key: int(amount) for key, amount in cost}, dict(units))
    unbalanced = read_parquet(path, "SELECT voucher FROM {} GROUP BY voucher HAVING SUM(amount_ore) <> 0")
    expect(path.name, "demo, Parquet: vouchers balance", unbalanced, [])
    read_marks(path, rows)


def read_lines(path, made, settlements, units):
    import pyarrow.compute
    import pyarrow.parquet

    sums = read_parquet(
        path, "SELECT settlement, COUNT(*), COALESCE(SUM(amount_ore) FILTER (payable), 0) FROM {} GROUP BY settlement"
    )
    expect(path.name, "demo, Parquet: settlements", {key: (count, int(amount)) for key, count, amount in sums}, settlements)
    cost = read_parquet(path, "SELECT unit, SUM(amount_ore) FROM {} WHERE payable GROUP BY unit HAVING SUM(amount_ore) <> 0")
    wanted = {unit: amount for unit, amount in units.items() if amount}
    expect(path.name, "demo, Parquet: lines are the cost of units", {key: int(amount) for key, amount in cost}, wanted)
    table = pyarrow.parquet.read_table(path)
    paid = pyarrow.compute.sum(table.filter(table["payable"])["amount_ore"]).as_py()
    expect(path.name, "demo, Parquet: second reader", (table.num_rows, paid), (made["rows"], made["total_ore"]))
    blank = read_parquet(path, "SELECT COUNT(*) FROM {} WHERE decision IS NULL OR settled_on IS NULL OR care_month IS NULL")
    expect(path.name, "demo, Parquet: every line has its decision", blank, [(0,)])
    read_marks(path, made["rows"])


def read_marks(path, rows):
    marked = read_parquet(path, "SELECT COUNT(*) FROM {} WHERE mark LIKE 'SYNTETISKA DATA%' AND origin = 'synthetic'")
    expect(path.name, "demo, Parquet: marks", marked, [(rows,)])


def read_payments(path, paid):
    import sepaxml
    import xmlschema

    schema = xmlschema.XMLSchema(str(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"))
    expect(path.name, "demo, pain.001: schema", [str(error) for error in schema.iter_errors(str(path))], [])
    root = schema.to_dict(str(path), validation="lax", decimal_type=Decimal)[0]["CstmrCdtTrfInitn"]
    read = [ore(one["Amt"]["InstdAmt"]["$"]) for one in root["PmtInf"][0]["CdtTrfTxInf"]]
    expect(path.name, "demo, pain.001: payments", sorted(read), sorted(paid))
    expect(path.name, "demo, pain.001: control sum", ore(root["GrpHdr"]["CtrlSum"]), sum(paid))


def read_statement(run, unit, month, path):
    """A statement and an explanation as PDF: PDF/UA-1, and the amounts of the command on their pages."""
    stated = run("statement", "--unit", unit, "--month", month, "--lines", "--out", path)
    kinds, pages = check_pdf(path)
    text = " ".join(pages)
    lines = stated["lines"]
    expect(path.name, "demo, statement: a row for each line", kinds["/TR"] > len(lines) > 1, True)
    amounts = [one["amount_ore"] for one in [*stated["rows"], *lines]] + [stated["total_ore"]]
    expect(path.name, "demo, statement: amounts", [one for one in amounts if people(one) not in text], [])
    contacts = [one["contact_id"] for one in lines if one["contact_id"]]
    expect(path.name, "demo, statement: contacts", [one for one in contacts if one not in text], [])
    path = path.with_name(f"SYNTETISK-{contacts[0]}.pdf")
    told = run("explain", "--contact", contacts[0], "--out", path)
    text = " ".join(check_pdf(path)[1])
    applied = [one for one in told["elements"] if one["applies"]]
    expect(path.name, "demo, explanation: whole", len(applied) > 0, True)
    wanted = [one for each in applied for one in (people(each["amount_ore"]), each["decision"], each["valid_from"])]
    wanted += [people(told["total_ore"]), told["payer"], told["care_date"]]
    expect(path.name, "demo, explanation: amounts, decisions, days", [one for one in wanted if one not in text], [])


def fhir_faults(text):
    """What the FHIR model (R4B) has against a Bundle of MeasureReports; none where it is one."""
    from fhir.resources.R4B.bundle import Bundle
    from pydantic import ValidationError

    try:
        bundle = Bundle.model_validate_json(text)
    except ValidationError as error:
        return [f"{one['loc']}: {one['msg']}" for one in error.errors()], []
    return [], [entry.resource for entry in bundle.entry]


def read_measures(run, year, path):
    """A year's indicators as FHIR: its model accepts them, and they say what the command says."""
    run("follow", "report", "--year", year, "--out", path)
    text = path.read_text(encoding="utf-8")
    found, reports = fhir_faults(text)
    expect(path.name, "demo, FHIR: MeasureReports", found, [])
    broken, _ = fhir_faults(text.replace('"status":', '"state":', 1))
    expect(path.name, "demo, FHIR: a wrong key is found", len(broken) > 0, True)
    read = {}
    for report in reports:
        group = report.group[0]
        counts = {one.code.coding[0].code: one.count for one in group.population or []}
        score = group.measureScore.value
        read[report.measure.split(":")[-1].split("|")[0]] = (
            counts.get("numerator"),
            counts.get("denominator", counts.get("measure-population")),
            None if score is None else round(float(score), 4),
        )
    wanted = {}
    for row in run("follow", "indicators", "--year", year)["rows"]:
        value = row["value"]
        if value is not None and row["count"] is not None:
            value *= 100
        elif value is not None and row["indicator"].endswith(("-coc", "-upc")):
            # JSON tells thousandths, FHIR from 0 to 1.
            value /= 1000
        wanted[row["indicator"]] = (row["count"], row["of"], None if value is None else round(value, 4))
    expect(path.name, "demo, FHIR: counts and values", read, wanted)
    told = [one for one in wanted.values() if one[2] is not None]
    expect(path.name, "demo, FHIR: something is told", len(told) > 0, True)


def read_invoices(run, settlement, folder):
    import mockeinvoice

    made = run("export", "invoices", "--settlement", settlement, "--out", folder, "--allow-synthetic", codes=(0, 1))
    owed = next(one["owed_ore"] for one in run("books", "show")["settlements"] if one["id"] == settlement)
    expect(settlement, "demo, invoices: whole", made["total_ore"] + made["left_out_ore"], owed)
    for one in made["invoices"]:
        if one["file"] is None:
            continue
        text = (folder / one["file"]).read_text(encoding="utf-8")
        # The checker knows the rules of Billing, which Self-billing shares but for its name and type codes.
        text = text.replace(":selfbilling:", ":billing:").replace(">389<", ">380<").replace(">261<", ">381<")
        invoice, report = mockeinvoice.validate(text)
        found = [f"{finding.level} {finding.code}: {finding.text}" for finding in report.findings]
        expect(one["file"], "demo, invoices: rules", (report.verdict, found), ("valid", []))
        sign = -1 if one["kind"] in ("381", "261") else 1
        total = sign * ore(invoice.term("BT-112").number)
        expect(one["file"], "demo, invoices: sums", total, one["amount_ore"])


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
    for fault in faults:
        print(fault, file=sys.stderr)
    for what, count in sorted(done.items()):
        print(f"oracles: {what}: {count}")
    sys.exit(1 if faults else 0)
