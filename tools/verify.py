#!/usr/bin/env python3
"""Checks a receipt (kvitto) of Vårdkedja in plain Python, from the receipt alone.

    python3 verify.py RECEIPT.zip …

Written from docs/rules.md, not from the program: an example of what a clinic could write itself. The numbers in the
comments (R1–R60) are the rulings there. It holds every file against its hash, prices every contact and every unit line under
the decisions in the receipt, and compares: earlier posted + lines = what is right.

It does not check which cause a line has, nor which rate a contact's line names, since neither changes what is paid; nor shares
whose key was restated within the year (R37), which it names and leaves out; nor that the facts given about contacts of other
units are true.

Exit 0 all is right, 1 something is not, 3 no receipt; of several receipts the worst.
"""

import calendar
import csv
import hashlib
import io
import json
import sys
import tomllib
import zipfile
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

FORM = "vardkedja-bundle-1"
CAUSES = ["current", "late-report", "changed-report", "cancelled-report", "agreement", "decision"]
KINDS = ["new", "correction", "cancellation"]
BOOLEANS = {"1": True, "0": False, "": None}
UNIT_FORMULAS = {"fixed-monthly", "share", "lump"}
YEAR_FORMULAS = {"tier", "ceiling"}


# Texts of the files.

def money(text):
    """Öre of `14 200,50 kr` or `6,5 mkr` (R44)."""
    for space in " \u00a0\u202f":
        text = text.replace(space, "")
    text = text.replace("−", "-")
    scale = 10**8 if text.endswith("mkr") else 100
    number = Fraction(text.removesuffix("mkr").removesuffix("kr").replace(",", "."))
    return int(number * scale)


def code(text):
    """Codes compare in upper case without dots (R25)."""
    return text.upper().replace(".", "")


def half_up(number):
    """Half away from zero (R27)."""
    sign = -1 if number < 0 else 1
    return sign * int(abs(number) + Fraction(1, 2))


def rounded(number, rounding):
    if rounding == "half-up-krona":
        return half_up(number / 100) * 100
    return half_up(number)


def listed(value):
    return value if isinstance(value, list) else [value]


def month_of(day):
    return day.strftime("%Y-%m")


def covers(fact, day):
    first, last = fact.get("valid_from"), fact.get("valid_to")
    return (first is None or first <= day) and (last is None or day <= last)


# The register.

class Register:
    """The latest known statement of every fact (R7), of decisions that are decided (R4)."""

    def __init__(self, decisions):
        decisions = [one for one in decisions if one["decision"].get("status") != "proposed"]
        decisions.sort(key=lambda one: (one["decision"]["known_from"], one["decision"]["id"]))
        known = {one["decision"]["id"] for one in decisions}
        self.county = None
        self.units, self.agreements, self.assignments, self.payers = {}, {}, {}, {}
        self.capacity, self.weights, self.keys, rates = {}, {}, {}, {}
        for one in decisions:
            if "region" in one:
                self.county = one["region"]["county"]
            for fact in one.get("unit", []):
                self.units[fact["id"], fact.get("valid_from")] = fact
            for fact in one.get("agreement", []):
                self.agreements[fact["id"], fact.get("valid_from")] = fact
            for fact in one.get("assignment", []):
                status = fact.get("status", "approved")
                key = (fact["unit"], fact["agreement"], fact["name"], status, fact.get("valid_from"))
                self.assignments[key] = fact
            for fact in one.get("payer", []):
                self.payers[fact["id"], fact.get("valid_from")] = fact
            for fact in one.get("capacity", []):
                self.capacity[fact["year"], fact["unit"]] = int(fact["deliveries"])
            for fact in one.get("weight", []):
                self.weights[fact["table"], fact["code"], fact["valid_from"]] = Fraction(fact["value"])
            for fact in one.get("key", []):
                self.keys[fact["name"], fact["recipient"], fact.get("year")] = int(fact["value"])
            for fact in one.get("rate", []):
                rates[fact["id"]] = fact
        needed = lambda rate: set(listed(rate.get("requires", []))) <= known
        self.rates = [rate for _, rate in sorted(rates.items()) if needed(rate)]
        self.replacing = defaultdict(list)
        for rate in self.rates:
            for replaced in rate.get("replaces", []):
                self.replacing[replaced].append(rate)
        self.cache = {}

    def unit_of_code(self, text, day):
        """By id, then HSA-id, then kombika (R21); a code that only a closed unit has finds that unit (R52)."""
        first_known = None
        for field in ("id", "hsa_id", "kombika"):
            units = [unit for unit in self.units.values() if unit.get(field, "").strip() == text]
            for unit in units:
                if covers(unit, day):
                    return unit["id"]
            if units and first_known is None:
                first_known = max(units, key=lambda unit: unit.get("valid_from") or date.min)
        return first_known and first_known["id"]

    def unit_fact(self, unit, day):
        facts = [fact for (name, _), fact in self.units.items() if name == unit]
        return next((fact for fact in facts if covers(fact, day)), None)

    def under(self, unit, day):
        """The agreement that unit, approved base assignment and agreement all cover the day for (R8)."""
        key = (unit, day)
        if key not in self.cache:
            self.cache[key] = self.find_under(unit, day)
        return self.cache[key]

    def find_under(self, unit, day):
        fact = self.unit_fact(unit, day)
        if fact is None:
            return None
        approved = [one for one in self.assignments.values()
                    if one["unit"] == unit and one.get("status", "approved") == "approved" and covers(one, day)]
        for base in (one for one in approved if one["name"] == "base"):
            for (name, _), agreement in self.agreements.items():
                if name == base["agreement"] and covers(agreement, day):
                    # An add-on of a former agreement does not follow along (R9).
                    holds = {one["name"] for one in approved if one["agreement"] == name}
                    return {"agreement": agreement, "holds": holds, "area_class": fact.get("area_class")}
        return None

    def default_payer(self, day):
        return next((one["id"] for one in self.payers.values() if "residence" not in one and covers(one, day)), None)

    def residence_matches(self, entry, residence):
        """How specifically one entry without `!` matches (R11, R12); 0 where it does not."""
        is_code = len(residence) == 4 and residence.isdigit()
        if entry == "out-of-county":
            return 2 if is_code and residence[:2] != self.county else 0
        if len(entry) == 2 and entry.isdigit():
            return 3 if is_code and residence[:2] == entry else 0
        return 4 if entry == residence else 0

    def residence_holds(self, entries, residence):
        if not residence:
            return 0
        if any(self.residence_matches(entry[1:], residence) for entry in entries if entry.startswith("!")):
            return 0
        plain = [entry for entry in entries if not entry.startswith("!")]
        return max((self.residence_matches(entry, residence) for entry in plain), default=0) if plain else 1

    def payer(self, residence, day):
        best = (0, None)
        for one in self.payers.values():
            if covers(one, day):
                score = 1 + self.residence_holds(listed(one["residence"]), residence) if "residence" in one else 1
                if "residence" in one and score == 1:
                    continue
                best = max(best, (score, one["id"]), key=lambda pair: pair[0])
        return best[1]

    def weight(self, table, text, day):
        found = [(first, value) for (name, known, first), value in self.weights.items()
                 if name == table and known == text and first <= day]
        return max(found)[1] if found else None


# Conditions (R24–R26).

def unit_holds(when, unit, under):
    if under is None:
        return False
    area = under["agreement"]["area"]
    return (("unit" not in when or unit in listed(when["unit"]))
            and ("area" not in when or area in listed(when["area"]))
            and ("area_class" not in when or under["area_class"] in listed(when["area_class"]))
            and ("holds" not in when or any(name in under["holds"] for name in listed(when["holds"]))))


def matches(pattern, text):
    pattern = code(pattern)
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern


def number_holds(wanted, number):
    if number is None:
        return False
    if isinstance(wanted, list):
        return wanted[0] <= number <= wanted[1]
    return number == wanted


def contact_holds(register, when, contact):
    for key, wanted in when.items():
        if key in ("unit", "area", "area_class", "holds"):
            continue
        if key in ("kind", "profession", "place"):
            held = contact[key] != "" and contact[key] in listed(wanted)
        elif key == "drg":
            held = contact["drg"] != "" and any(matches(one, code(contact["drg"])) for one in listed(wanted))
        elif key in ("diagnosis", "procedure"):
            codes = contact["diagnoses" if key == "diagnosis" else "procedures"].split()
            held = any(matches(one, code(text)) for one in listed(wanted) for text in codes)
        elif key == "residence":
            held = register.residence_holds(listed(wanted), contact["residence"]) > 0
        elif key in ("individual", "enrolled", "by_team"):
            held = contact[key] is not None and contact[key] in listed(wanted)
        elif key in ("parity", "gestational_days"):
            held = number_holds(wanted, contact[key])
        elif key == "class":
            held = any(contact.get("class_" + one["name"].lower(), "") in listed(one["in"])
                       and contact.get("class_" + one["name"].lower(), "") != "" for one in listed(wanted))
        else:
            raise ValueError(f"unknown condition `{key}`")
        if not held:
            return False
    return True


def own_holds(register, rate, contact):
    return (covers(rate, contact["day"]) and unit_holds(rate.get("when", {}), contact["unit_id"], contact["under"])
            and contact_holds(register, rate.get("when", {}), contact))


def applies(register, rate, contact):
    """Valid, its condition holds, and no rate that replaces it does both (R1, R2, R46)."""
    return own_holds(register, rate, contact) and not any(
        own_holds(register, other, contact) for other in register.replacing[rate["id"]])


# Contacts in force.

def in_force(register, rows, cutoff, through, given):
    """The last accepted report of each contact (R14–R18)."""
    by_contact = defaultdict(list)
    for row in rows:
        if not row["reported_on"] or row["reported_on"] <= str(cutoff):
            by_contact[row["contact_id"]].append(row)
    contacts = []
    for contact_id, rows in by_contact.items():
        slots = defaultdict(list)
        for row in rows:
            if row["report"] == "cancellation":
                content = None
            else:
                unit = register.unit_of_code(row["unit"], date.fromisoformat(row["care_date"]))
                if unit is None or (row["reported_on"] and row["care_date"] > row["reported_on"]):
                    continue
                content = (unit, [text for name, text in row.items() if name != "unit"])
            slots[row["reported_on"], KINDS.index(row["report"])].append((content, row))
        accepted = []
        for _, slot in sorted(slots.items()):
            if all(content == slot[0][0] for content, _ in slot):
                accepted.append(slot[-1])
        if not accepted or accepted[-1][0] is None or (contact_id, "elsewhere") in given:
            continue
        (unit, _), row = accepted[-1]
        day = date.fromisoformat(row["care_date"])
        if day > through:
            continue
        first = next(one for content, one in accepted if content is not None)["reported_on"]
        lag = given.get((contact_id, "reported-elsewhere"))
        if lag is None:
            lag = 0
            if first:
                year, month = int(first[:4]), int(first[5:7])
                lag = max(0, (year - day.year) * 12 + month - day.month)
        contact = dict(row, day=day, unit_id=unit, under=register.under(unit, day), lag=lag)
        for name in ("individual", "enrolled", "by_team"):
            contact[name] = BOOLEANS[row[name]]
        for name in ("gestational_days", "parity"):
            contact[name] = int(row[name]) if row[name] else None
        contact["payer"] = register.payer(row["residence"], day)
        contacts.append(contact)
    return contacts


def too_late(contact):
    """First reported too many months after the month of care (R13)."""
    allowed = contact["under"]["agreement"].get("backward_months")
    return allowed is not None and contact["lag"] > allowed


def period_of(contact):
    """A to day 139, B to day 216, C from 217 (R30); deliveries play no part."""
    days = contact["gestational_days"]
    if contact["individual"] is not True or days is None or contact["kind"] == "delivery":
        return None
    return "A" if days <= 139 else "B" if days <= 216 else "C"


def included_visits(register, contacts, given):
    """Visits whose period another visit takes (R29, R30)."""
    by_person = defaultdict(list)
    for contact in contacts:
        if contact["gestational_days"] is not None and contact["kind"] != "delivery":
            start = contact["day"] - timedelta(days=contact["gestational_days"])
            by_person[contact["person"]].append((start, contact["contact_id"], contact))
    included = set()
    for hers in by_person.values():
        hers.sort(key=lambda one: one[:2])
        first, number, seekers = None, 0, defaultdict(list)
        for start, _, contact in hers:
            if first is None or (start - first).days > 84:
                first, number = start, number + 1
            period = period_of(contact)
            if period is None or contact["under"] is None or contact["payer"] is None or too_late(contact):
                continue
            if any(rate["formula"] == "per-period" and rate["period"] == period and applies(register, rate, contact)
                   for rate in register.rates):
                seekers[number, period].append((contact["day"], contact["contact_id"]))
        for those in seekers.values():
            included |= {contact_id for _, contact_id in sorted(those)[1:]}
    for contact_id, outcome in given:
        if outcome == "included-in-period":
            included.add(contact_id)
        elif outcome == "takes-period":
            included.discard(contact_id)
    return included


# Formulas of contacts.

def weights_of(register, rate, contact):
    """The product of the weights, or None where one is missing (R28, R60)."""
    product = Fraction(1)
    for field in listed(rate.get("weight_by", [])):
        if field == "unit":
            text = contact["unit_id"]
        elif field == "area_class":
            text = contact["under"]["area_class"] or ""
        elif field in ("drg", "kind", "profession", "place", "residence"):
            text = contact[field]
        else:
            text = contact.get("class_" + field.lower(), "")
        weight = register.weight(rate["weights"], text, contact["day"]) if text else None
        if weight is None:
            return None
        product *= weight
    return product


def raise_order(rates):
    """Raises after what they raise (R32)."""
    ordered, left = [], list(rates)
    while left:
        waiting = {rate["element"] for rate in left}
        ready = [rate for rate in left if not waiting & set(rate["of"])]
        if not ready:
            raise ValueError("raises in a circle")
        ordered += ready
        left = [rate for rate in left if rate not in ready]
    return ordered


def price(register, contact, included):
    """Lines of element, amount, payable; or the reason why there are none (R22, R23)."""
    if contact["under"] is None:
        return "no-agreement"
    if too_late(contact):
        return "too-late"
    if contact["payer"] is None:
        return "no-payer"
    contact_rates = [rate for rate in register.rates
                     if rate["formula"] not in UNIT_FORMULAS | YEAR_FORMULAS and applies(register, rate, contact)]
    form, lines, missed = contact["under"]["agreement"]["form"], [], []

    def add(rate, amount):
        payable = form in rate.get("payable_under", ["care-choice", "procured"])
        lines.append((rate["element"], amount, payable))

    for rate in contact_rates:
        formula = rate["formula"]
        if formula == "uplift":
            continue
        if formula == "per-period":
            if contact["individual"] is True and contact["gestational_days"] is None and contact["kind"] != "delivery":
                missed.append("no-gestational-days")
            if period_of(contact) != rate["period"]:
                continue
            if contact["contact_id"] in included:
                missed.append("included-in-period")
                continue
        amount = Fraction(money(rate["amount"]))
        if "weights" in rate:
            weight = weights_of(register, rate, contact)
            if weight is None:
                return "no-weight"
            amount = amount * weight
        add(rate, rounded(amount, rate.get("rounding")))
    for rate in raise_order([rate for rate in contact_rates if rate["formula"] == "uplift"]):
        base = [amount for element, amount, _ in lines if element in rate["of"]]
        if not base:
            continue
        if "percent" in rate:
            raised = Fraction(sum(base)) * Fraction(rate["percent"]) / 100
            add(rate, rounded(raised, rate.get("rounding")))
        else:
            add(rate, money(rate["amount"]))
    if not lines:
        return min(missed, key=["included-in-period", "no-gestational-days"].index) if missed else "no-rate"
    return lines


def banded(steps, base):
    """What a ceiling takes or gives on a cumulated base (R39)."""
    steps = sorted((money(step["over"]), Fraction(step["percent"])) for step in steps)
    total = Fraction(0)
    for (over, percent), after in zip(steps, steps[1:] + [(None, None)]):
        upper = base if after[0] is None else min(base, after[0])
        total += (percent - 100) / 100 * max(0, upper - over)
    return half_up(total)


def year_lines(register, contacts, priced):
    """Tiers and ceilings by unit and calendar year (R39, R51, R55)."""
    more = defaultdict(list)
    yearly = [rate for rate in register.rates if rate["formula"] in YEAR_FORMULAS]
    for element in sorted({rate["element"] for rate in yearly}):
        standing = defaultdict(list)
        for contact in contacts:
            lines = priced[contact["contact_id"]]
            if isinstance(lines, str):
                continue
            for rate in (rate for rate in yearly if rate["element"] == element and applies(register, rate, contact)):
                base = [amount for of, amount, _ in lines if of in rate["of"]]
                if base:
                    key = (contact["unit_id"], contact["day"].year)
                    standing[key].append((contact["day"], contact["contact_id"], sum(base), rate, contact))
        for same in standing.values():
            before = 0
            for number, (_, contact_id, base, rate, contact) in enumerate(sorted(same, key=lambda one: one[:2]), 1):
                if rate["formula"] == "tier":
                    over = [step for step in rate["steps"] if step["over"] < number]
                    percent = Fraction(max(over, key=lambda step: step["over"])["percent"]) if over else Fraction(100)
                    amount = half_up(base * (percent - 100) / 100)
                else:
                    amount = banded(rate["steps"], before + base) - banded(rate["steps"], before)
                before += base
                form = contact["under"]["agreement"]["form"]
                payable = form in rate.get("payable_under", ["care-choice", "procured"])
                if amount:
                    more[contact_id].append((element, amount, payable))
    return more


# Formulas of units (R33–R38).

def month_starts(rate, through):
    first, last = rate["valid_from"], min(rate.get("valid_to") or through, through)
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        if date(year, month, 1) >= first:
            yield date(year, month, 1)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def divided(pot, parts, rounding, residue):
    """A pot by weights (R36)."""
    unit = 1 if rounding in ("half-up-ore", "largest-remainder-ore") else 100
    total = sum(weight for _, weight in parts)
    exact = {name: Fraction(pot * weight, total * unit) for name, weight in parts}
    if rounding.startswith("largest-remainder"):
        shares = {name: int(value) for name, value in exact.items()}
        left = pot // unit - sum(shares.values())
        by_remainder = sorted(exact, key=lambda name: (shares[name] - exact[name], name))
        for name in by_remainder[:left]:
            shares[name] += 1
    else:
        shares = {name: half_up(value) for name, value in exact.items()}
        left = pot // unit - sum(shares.values())
        if rounding == "half-up-residue-largest":
            residue = min(parts, key=lambda part: (-part[1], part[0]))[0]
        if residue is not None:
            shares[residue] += left
    return {name: share * unit for name, share in shares.items()}


def participants(register, rate):
    year, wanted = rate["valid_from"].year, rate.get("when", {}).get("unit")
    values = {}
    if rate["key"] == "capacity":
        values = {unit: value for (of, unit), value in register.capacity.items() if of == year}
    else:
        for (name, recipient, of), value in register.keys.items():
            if name == rate["key"] and (of == year or (of is None and (name, recipient, year) not in register.keys)):
                values[recipient] = value
    return sorted((name, value) for name, value in values.items()
                  if value > 0 and (wanted is None or name in listed(wanted)))


def unit_lines(register, unit, through):
    """Month, element, payer, payee, payable, rate and amount of every line of the unit."""
    lines = []

    def suppressed(rate, day, is_share):
        return any(covers(other, day) and (is_share or unit_holds(other.get("when", {}), unit, register.under(unit, day)))
                   for other in register.replacing[rate["id"]])

    def add(rate, day, amount):
        under, payer = register.under(unit, day), register.default_payer(day)
        if payer is None:
            return
        form = under and under["agreement"]["form"]
        payable = form is None or form in rate.get("payable_under", ["care-choice", "procured"])
        fact = register.unit_fact(unit, day) or next((f for (n, _), f in register.units.items() if n == unit), None)
        payee = under["agreement"]["provider"] if under else fact["provider"] if fact else unit
        lines.append((month_of(day), rate["element"], payer, payee, payable, rate["id"], amount))

    for rate in register.rates:
        if rate["formula"] == "fixed-monthly":
            per_year = money(rate["per_year"])
            for day in month_starts(rate, through):
                amount = per_year // 12 + (1 if day.month <= per_year % 12 else 0)
                if unit_holds(rate.get("when", {}), unit, register.under(unit, day)) and not suppressed(rate, day, False):
                    add(rate, day, amount)
        elif rate["formula"] == "lump":
            day = rate["valid_from"]
            if day <= through and covers(rate, day) and not suppressed(rate, day, False):
                if unit_holds(rate.get("when", {}), unit, register.under(unit, day)):
                    add(rate, day, money(rate["amount"]))
        elif rate["formula"] == "share":
            parts = participants(register, rate)
            if unit not in dict(parts):
                continue
            rounding = rate.get("rounding", "half-up-ore")
            part = divided(money(rate["pot"]), parts, rounding, rate.get("residue"))[unit]
            days = [rate["valid_from"]]
            if rate.get("pay", "once") == "monthly":
                days = list(month_starts(rate, rate["valid_to"]))
            for index, day in enumerate(days):
                if day <= through and not suppressed(rate, day, True):
                    add(rate, day, part // len(days) + (1 if index < part % len(days) else 0))
    return lines


# The receipt.

class NoReceipt(Exception):
    pass


def read_members(path):
    try:
        archive = zipfile.ZipFile(path)
        names = [name for name in archive.namelist() if not name.endswith("/")]
        manifest = next(name for name in names if name.rsplit("/", 1)[-1] == "manifest.json")
        folder = manifest[: -len("manifest.json")]
        members, faults = {}, []
        for name in names:
            short = name.removeprefix(folder)
            if short in members:
                faults.append(f"{short}: is there twice")
            try:
                members[short] = archive.read(name)
            except zipfile.BadZipFile:
                faults.append(f"{short}: cannot be unpacked")
                members[short] = b""
        manifest = json.loads(members["manifest.json"])
        if manifest["form"] != FORM:
            raise NoReceipt
    except (OSError, zipfile.BadZipFile, StopIteration, ValueError, KeyError, TypeError):
        raise NoReceipt from None
    return members, manifest, faults


def check_hashes(members, manifest, faults):
    sha = lambda content: hashlib.sha256(content).hexdigest()
    listed_files = {one["file"]: one["sha256"] for one in manifest["members"]}
    for name, expected in listed_files.items():
        if name not in members:
            faults.append(f"{name}: is missing")
        elif sha(members[name]) != expected:
            faults.append(f"{name}: was changed, its hash is another")
    for name in members.keys() - listed_files.keys() - {"manifest.json", "manifest.sha256"}:
        faults.append(f"{name}: does not belong to the receipt")
    seal = sha(members["manifest.json"])
    if members.get("manifest.sha256", b"").decode(errors="replace") != f"{seal}  manifest.json\n":
        faults.append("manifest.json: was changed, or manifest.sha256 was")
    return seal


def rows_of(members, name):
    return list(csv.DictReader(io.StringIO(members[name].decode(), newline="")))


def check_order(name, rows, place, faults):
    for number, (before, after) in enumerate(zip(rows, rows[1:]), 3):
        if place(before) >= place(after):
            faults.append(f"{name}:{number}: the row is repeated or out of its place")


def line_place(settlements):
    def place(row):
        contact = (0, row["contact_id"]) if row["contact_id"] else (1, "")
        return (settlements.index(row["settlement"]), contact, row["unit"], row["payee"], row["payer"], row["element"],
                row["care_month"], row["payable"] == "true", CAUSES.index(row["cause"]), row["rate"])
    return place


def check_mark(manifest, members, contacts, lines, faults):
    """Made-up contacts say so in their ids, and their files in their names; without the mark, it was taken off."""
    if manifest["origin"] == "synthetic":
        if not manifest["mark"]:
            faults.append("manifest.json: the data are synthetic, and the mark is missing")
    elif (manifest["mark"] or any("SYNTETISK" in name for name in members)
            or any(row["contact_id"].startswith("SYN-") for row in contacts + lines)):
        faults.append("manifest.json: contacts or files say that they are synthetic, and the origin says otherwise")


def check_manifest(manifest, lines, faults):
    last = manifest["settlements"][-1]["basis"]
    decisions = manifest["decisions"]
    recorded = [one["recorded_on"] for one in decisions]
    numbers = [one["revision"] for one in decisions]
    if numbers != list(range(1, last["revision"] + 1)) or recorded != sorted(recorded):
        faults.append("manifest.json: the decisions are not in the order in which they were recorded")
    for settled in manifest["settlements"]:
        basis = settled["basis"]
        year, month = map(int, basis["month"].split("-"))
        last_day = date(year, month, calendar.monthrange(year, month)[1])
        known = recorded[: basis["revision"]]
        if (basis["month"] != manifest["month"] or basis["through"] != str(last_day)
                or any(day > basis["on"] for day in known)):
            faults.append(f"manifest.json: the basis of {settled['id']} does not hold together")
        own = [row for row in lines if row["settlement"] == settled["id"]]
        sums = {flag: sum(int(row["amount_ore"]) for row in own if row["payable"] == flag) for flag in ("true", "false")}
        if (len(own), sums["true"], sums["false"]) != (settled["lines"], settled["total_ore"], settled["shadow_ore"]):
            faults.append(f"manifest.json: the sums of {settled['id']} are not those of its lines")


def stated_net(manifest, posted, lines):
    """Earlier posted + lines, by contact, month, element, payer, payee, payable; of unit lines by rate too."""
    net = defaultdict(lambda: [0, 0])
    for row in posted + lines:
        if row["unit"] == manifest["unit"]:
            rate = "" if row["contact_id"] else row["rate"]
            key = (row["contact_id"], row["care_month"], row["element"], row["payer"], row["payee"],
                   row["payable"] == "true", rate)
            net[key][0] += int(row["count"])
            net[key][1] += int(row["amount_ore"])
    return {key: tuple(sums) for key, sums in net.items() if sums != [0, 0]}


def right_net(manifest, members, basis, given, rows):
    """What is right under the basis, by the same key; and the contacts without a price."""
    decisions = [tomllib.loads(members[one["file"]].decode()) for one in manifest["decisions"][: basis["revision"]]]
    for decision, listed_one in zip(decisions, manifest["decisions"]):
        if decision["decision"]["id"] != listed_one["id"]:
            raise ValueError(f"{listed_one['file']}: is of another decision")
    register = Register(decisions)
    through = date.fromisoformat(basis["through"])
    contacts = in_force(register, rows, basis["cutoff"], through, given)
    contacts = [contact for contact in contacts if contact["unit_id"] == manifest["unit"]]
    included = included_visits(register, contacts, given)
    priced = {contact["contact_id"]: price(register, contact, included) for contact in contacts}
    more = year_lines(register, contacts, priced)
    net, unpriced = defaultdict(lambda: [0, 0]), {}
    for contact in contacts:
        lines = priced[contact["contact_id"]]
        if isinstance(lines, str):
            unpriced[contact["contact_id"]] = lines
            continue
        payee = contact["under"]["agreement"]["provider"]
        for element, amount, payable in lines + more[contact["contact_id"]]:
            key = (contact["contact_id"], month_of(contact["day"]), element, contact["payer"], payee, payable, "")
            net[key][0] += 1
            net[key][1] += amount
    for month, element, payer, payee, payable, rate, amount in unit_lines(register, manifest["unit"], through):
        sums = net["", month, element, payer, payee, payable, rate]
        sums[0] += 1
        sums[1] += amount
    return {key: tuple(sums) for key, sums in net.items()}, unpriced, register


def restated_shares(manifest, register, posted, right):
    """Monthly shares of which an instalment was paid that the key as known now does not give (R37)."""
    monthly = {rate["id"] for rate in register.rates if rate["formula"] == "share" and rate.get("pay") == "monthly"}
    foreign = {row["rate"] for row in posted if row["unit"] != manifest["unit"]}
    paid = stated_net(manifest, posted, [])
    restated = {key[6] for key, sums in paid.items() if key[6] in monthly and right.get(key) != sums}
    return restated | foreign


def main(path):
    try:
        members, manifest, faults = read_members(path)
    except NoReceipt:
        print(f"{path}: no receipt; a zip with a manifest of the form {FORM} is expected", file=sys.stderr)
        return 3
    seal = check_hashes(members, manifest, faults)
    if manifest["mark"]:
        print(manifest["mark"])
    print(f"Receipt of {manifest['unit']}, settlement of {manifest['month']}, hash {seal}")
    differing, left_out = [], set()
    try:
        posted, lines = rows_of(members, "posted.csv"), rows_of(members, "lines.csv")
        rows = []
        for name in manifest["contacts"]:
            own = rows_of(members, name)
            place = lambda row: (row["contact_id"], row["reported_on"], KINDS.index(row["report"]), list(row.values()))
            check_order(name, own, place, faults)
            rows += own
        check_order("posted.csv", posted, line_place(manifest["earlier"]), faults)
        check_order("lines.csv", lines, line_place([one["id"] for one in manifest["settlements"]]), faults)
        check_manifest(manifest, lines, faults)
        check_mark(manifest, members, rows, posted + lines, faults)
        settled = manifest["settlements"][-1]
        given = {(one["contact_id"], one["outcome"]): one["months"] for one in manifest["given"]
                 if one["settlement"] == settled["id"] and one["under"] == "now"}
        # All classes a contact can have stand in some file; a file without one means blank.
        names = {name for row in rows for name in row}
        rows = [{name: row.get(name, "") for name in sorted(names)} for row in rows]
        right, unpriced, register = right_net(manifest, members, settled["basis"], given, rows)
        left_out = restated_shares(manifest, register, posted, right)
        stated = stated_net(manifest, posted, lines)
        for key in sorted(stated.keys() | right.keys()):
            if key[6] not in left_out and stated.get(key) != right.get(key):
                differing.append((key, stated.get(key), right.get(key)))
        foreign = [row for row in lines if row["unit"] != manifest["unit"]]
        faults += [f"lines.csv: {row['contact_id']} {row['element']}: of another unit" for row in foreign]
        said = {row["contact_id"]: row["reason"] for row in rows_of(members, "unpriced.csv")}
        for contact_id in sorted(said.keys() | unpriced.keys()):
            if said.get(contact_id) != unpriced.get(contact_id):
                faults.append(f"unpriced.csv: {contact_id}: stated {said.get(contact_id)}, "
                              f"computed {unpriced.get(contact_id)}")
    except (KeyError, ValueError, IndexError, TypeError, AttributeError, StopIteration) as error:
        faults.append(f"cannot be computed: {error!r}")
    for rate in sorted(left_out):
        print(f"not covered: the share {rate}, whose key was restated within the year (R37)")
    for fault in faults:
        print(f"FAULT {fault}")
    for (contact, month, element, payer, payee, payable, rate), stated, right in differing:
        shown = lambda sums: "nothing" if sums is None else f"{sums[0]} of {sums[1] / 100:.2f} kr"
        print(f"DIFFERS {contact or rate} {element} {month} {payer} {payee} {'paid' if payable else 'shadow'}: "
              f"posted and lines {shown(stated)}, right {shown(right)}")
    if faults or differing:
        print("The receipt is not right.")
        return 1
    print(f"All is right: {len(lines)} lines, {len(rows)} reports, {len(manifest['given'])} given facts taken as true.")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print("usage: python3 verify.py RECEIPT.zip …", file=sys.stderr)
        sys.exit(2)
    worst = 0
    for path in sys.argv[1:]:
        found = main(path)
        print(f"{path}: {'accepted' if found == 0 else 'rejected'}")
        worst = max(worst, found)
    sys.exit(worst)
