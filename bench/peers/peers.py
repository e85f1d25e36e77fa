"""The same sums by other engines, from the same files, each with our own plan: rates flattened to change points.

    python3 -m venv target/peers && target/peers/bin/pip install duckdb polars pyarrow
    cargo build --release && target/release/vardkedja generate --contacts 1000000 --out target/peers/SYNTETISK-1000000.parquet
    cargo bench -p bench --bench national -- 1000000 target/peers
    target/peers/bin/python bench/peers/peers.py 1000000 target/peers

Every sum by unit, month, element and payer must be equal to the öre, or it stops. Prints medians of five runs.
"""

import bisect
import csv
import datetime as dt
import statistics
import sys
import time
import tomllib
from collections import defaultdict
from pathlib import Path

import duckdb
import polars as pl

NOW, BEFORE, AFTER = (dt.date.fromisoformat(d) for d in ("2026-02-01", "2024-05-31", "2024-08-31"))
FIRST, LAST = dt.date(2019, 1, 1), dt.date(2025, 12, 31)
NEVER = dt.date(9999, 1, 1)
RUNS = 5


class View:
    """What the ratebook says as known on a day: one price for each segment, unit and item."""

    def __init__(self, folder, known_on):
        facts = defaultdict(list)
        for file in sorted(folder.glob("*.toml")):
            book = tomllib.loads(file.read_text())
            if book["decision"]["known_from"] <= known_on:
                known = book["decision"]["known_from"]
                for table, rows in book.items():
                    if table != "decision" and isinstance(rows, list):
                        facts[table] += [(known, row) for row in rows]
        for rows in facts.values():
            rows.sort(key=lambda row: row[0])
        self.weights = {}
        for _, w in facts["weight"]:
            value = int(w["value"].replace(".", ""))
            self.weights[w["table"], w["code"], w["valid_from"].year] = value
        self.area = {u["id"]: u["area_class"] for _, u in facts["unit"]}
        stated = {}
        for _, a in facts["assignment"]:
            stated[a["unit"], a["agreement"], a["name"], a["valid_from"]] = a
        self.held = defaultdict(list)
        for a in stated.values():
            until = a["valid_to"] + dt.timedelta(1) if "valid_to" in a else NEVER
            self.held[a["unit"]].append((a["valid_from"], until, a["agreement"], a["name"]))
        rates = defaultdict(list)
        for _, rate in facts["rate"]:
            when = rate["when"]
            item = (when.get("drg") or when.get("procedure") or [None])[0]
            group = when.get("holds", [None])[0]
            key = (group, item) if item else (None, rate["element"])
            rates[key].append(rate)
        self.chains = {key: self.chain(versions) for key, versions in rates.items()}
        days = {FIRST} | {day for chain in self.chains.values() for day, _ in chain}
        days |= {day for rows in self.held.values() for row in rows for day in row[:2]}
        days |= {dt.date(year, 1, 1) for year in range(2019, 2026)}
        self.days = sorted(day for day in days if FIRST <= day <= LAST)

    @staticmethod
    def chain(versions):
        """From which day on which amount is in force: what no known rate valid then replaces."""
        chain = []
        for day in sorted({rate["valid_from"] for rate in versions}):
            valid = [rate for rate in versions if rate["valid_from"] <= day]
            replaced = {id for rate in valid for id in rate.get("replaces", [])}
            (live,) = [rate for rate in valid if rate["id"] not in replaced]
            amount = live["amount"].replace(" kr", "").replace(" ", "").replace("\u00a0", "")
            kronor, _, ore = amount.partition(",")
            chain.append((day, int(kronor) * 100 + int((ore + "00")[:2])))
        return chain

    def at(self, key, day):
        chain = self.chains.get(key, [])
        place = bisect.bisect_right(chain, (day, 1 << 62)) - 1
        return chain[place][1] if place >= 0 else 0

    def tables(self):
        """Segments of days, prices by segment, unit and item, and weights of deliveries by year."""
        items = defaultdict(list)
        for group, item in self.chains:
            if group:
                items[group].append(item)
        prices = []
        for segment, day in enumerate(self.days):
            for unit, rows in self.held.items():
                now = [row for row in rows if row[0] <= day < row[1]]
                (agreement,) = [row[2] for row in now if row[3] == "base"]
                names = {row[3] for row in now if row[2] == agreement}
                (group,) = [name for name in names if name.startswith("grupp-")]
                delivers = group.startswith("grupp-d")
                eight = self.at((None, "eight-point"), day) if delivers else 0
                chain = self.at((None, "continuity-add-on"), day) if "continuity" in names else 0
                home = self.at((None, "home-birth-add-on"), day) if "home-birth" in names else 0
                for item in items[group]:
                    amount = self.at((group, item), day)
                    if group.startswith("grupp-m"):
                        weight = self.weights["cni", self.area[unit], day.year]
                        amount = (amount * weight + 5_000) // 10_000
                    prices.append((segment, unit, item, amount, eight, chain, home))
        days, segment = [], -1
        for number in range((LAST - FIRST).days + 1):
            day = FIRST + dt.timedelta(number)
            segment += day in self.days
            days.append((day, segment, day.strftime("%Y-%m"), day.year))
        weights = [("", "", year, 100_000_000) for year in range(2019, 2026)]
        for (table, s, year), value in self.weights.items():
            if table == "forlossning" and s.startswith("s"):
                for (other, c, also), factor in self.weights.items():
                    if other == "forlossning" and c.startswith("c") and also == year:
                        weights.append((s, c, year, value * factor))
        return {
            "price": pl.DataFrame(
                prices, ["segment", "unit", "item", "amount", "eight", "chain", "home"], orient="row"
            ),
            "day": pl.DataFrame(days, ["care_date", "segment", "month", "year"], orient="row"),
            "weight": pl.DataFrame(weights, ["severity", "complication", "year", "weight"], orient="row"),
        }


COLUMNS = """unit, coalesce(drg, procedures) as item, care_date, reported_on, residence, enrolled,
    coalesce(place = 'home', false) as at_home, coalesce(class_severity, '') as severity,
    coalesce(class_complication, '') as complication"""

PRICED = """select c.unit, d.month, c.item,
        case when residence = 'asylum' then 'staten'
             when residence is null or residence[1:2] = '01' then 'regionen'
             else 'andra-regioner' end as payer,
        count(*) as n, sum(cast((p.amount * w.weight + 50000000) // 100000000 as bigint)) as amount,
        sum(eight) as eight, count(*) filter (eight > 0) as n_eight,
        sum(chain) filter (enrolled) as chain, count(*) filter (enrolled and chain > 0) as n_chain,
        sum(home) filter (at_home) as home, count(*) filter (at_home and home > 0) as n_home
    from {contacts} c join day_{k} d using (care_date)
    join price_{k} p on p.segment = d.segment and p.unit = c.unit and p.item = c.item
    join weight_{k} w on w.year = d.year and w.severity = c.severity and w.complication = c.complication
    where c.care_date <= date '{day}' and c.reported_on <= date '{day}'
    group by all"""

ROWS = """with g as ({priced}), r as (
    select unit, month, 'pris-' || lower(item) as element, payer, n, amount from g
    union all select unit, month, 'eight-point', payer, n_eight, eight from g where n_eight > 0
    union all select unit, month, 'continuity-add-on', payer, n_chain, chain from g where n_chain > 0
    union all select unit, month, 'home-birth-add-on', payer, n_home, home from g where n_home > 0)
    select unit, month, element, payer, sum(n)::bigint as n, sum(amount)::bigint as amount from r group by all"""


def duck(views, contacts, known):
    parts = [ROWS.format(priced=PRICED.format(contacts=contacts, k=k, day=day)) for k, day in known]
    if len(parts) == 1:
        return parts[0]
    return f"""select unit, month, element, payer, coalesce(b.n, 0) - coalesce(a.n, 0) as n,
        coalesce(b.amount, 0) - coalesce(a.amount, 0) as amount
        from ({parts[0]}) a full join ({parts[1]}) b using (unit, month, element, payer)
        where coalesce(b.n, 0) <> coalesce(a.n, 0) or coalesce(b.amount, 0) <> coalesce(a.amount, 0)"""


def polars(tables, contacts, day):
    residence = pl.col("residence")
    payer = (
        pl.when(residence == "asylum").then(pl.lit("staten"))
        .when(residence.is_null() | residence.str.starts_with("01")).then(pl.lit("regionen"))
        .otherwise(pl.lit("andra-regioner"))
    )
    lazy = {name: table.lazy() for name, table in tables.items()}
    g = (
        contacts.filter((pl.col("care_date") <= day) & (pl.col("reported_on") <= day))
        .join(lazy["day"], on="care_date")
        .join(lazy["price"], on=["segment", "unit", "item"])
        .join(lazy["weight"], on=["year", "severity", "complication"])
        .group_by("unit", "month", "item", payer.alias("payer"))
        .agg(
            pl.len().cast(pl.Int64).alias("n"),
            ((pl.col("amount") * pl.col("weight") + 50_000_000) // 100_000_000).sum().alias("amount"),
            pl.col("eight").sum(), (pl.col("eight") > 0).sum().cast(pl.Int64).alias("n_eight"),
            pl.col("chain").filter("enrolled").sum(),
            (pl.col("chain").filter("enrolled") > 0).sum().cast(pl.Int64).alias("n_chain"),
            pl.col("home").filter("at_home").sum(),
            (pl.col("home").filter("at_home") > 0).sum().cast(pl.Int64).alias("n_home"),
        )
    )
    item = pl.lit("pris-") + pl.col("item").cast(pl.String).str.to_lowercase()
    key = ["unit", "month", "element", "payer"]
    parts = [g.select("unit", "month", item.alias("element"), "payer", "n", "amount")]
    for name, element in [("eight", "eight-point"), ("chain", "continuity-add-on"), ("home", "home-birth-add-on")]:
        part = g.filter(pl.col(f"n_{name}") > 0)
        parts.append(part.select(
            "unit", "month", pl.lit(element).alias("element"), "payer",
            pl.col(f"n_{name}").alias("n"), pl.col(name).alias("amount"),
        ))
    # The grouped result is computed once: the engine finds the common part of the plan.
    return pl.concat(parts).group_by(key).agg(pl.col("n").sum(), pl.col("amount").sum())


def timed(what, run, expected):
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        frame = run()
        seconds.append(time.perf_counter() - start)
    # Columns become rows of Python, to be compared, only when the time has been taken.
    found = {tuple(row[:4]): tuple(row[4:]) for row in pl.DataFrame(frame).rows()}
    if found != expected:
        wrong = [key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)]
        key = min(wrong)
        sys.exit(f"{what}: {len(wrong)} sums differ, first {key}: {found.get(key)}, ours {expected.get(key)}")
    print(f"{what:<44} {statistics.median(seconds):8.3f} s   {len(found)} sums equal to the öre", flush=True)


def sums(path):
    with open(path) as file:
        rows = csv.DictReader(file)
        return {
            (row["unit"], row["month"], row["element"], row["payer"]): (int(row["count"]), int(row["amount_ore"]))
            for row in rows
        }


def main():
    count, folder = sys.argv[1], Path(sys.argv[2])
    file = folder / f"SYNTETISK-{count}.parquet"
    views = {k: View(folder / f"SYNTETISK-{count}.ratebook", day).tables()
             for k, day in (("now", NOW), ("before", BEFORE), ("after", AFTER))}
    t1, t2 = sums(folder / f"t1-{count}.csv"), sums(folder / f"t2-{count}.csv")
    both = [("before", BEFORE), ("after", AFTER)]

    con = duckdb.connect()
    con.execute("set threads = 2")
    items = "', '".join(sorted({row for t in views.values() for row in t["price"]["item"]}))
    units = "', '".join(sorted({row for t in views.values() for row in t["price"]["unit"]}))
    con.execute(f"create type item as enum ('{items}')")
    con.execute(f"create type unit as enum ('{units}')")
    for k, tables in views.items():
        for name, frame in tables.items():
            typed = "* replace (unit::unit as unit, item::item as item)" if name == "price" else "*"
            con.execute(f"create table {name}_{k} as select {typed} from frame")
    stored = f"""(select * replace (unit::unit as unit, item::item as item)
        from (select {COLUMNS} from '{file}'))"""
    con.execute(f"create table contacts as from {stored}")
    fetch = lambda query: lambda: con.execute(query).to_arrow_table()
    timed("DuckDB, T1 from memory", fetch(duck(views, "contacts", [("now", NOW)])), t1)
    timed("DuckDB, T1 from Parquet", fetch(duck(views, stored, [("now", NOW)])), t1)
    timed("DuckDB, T2 from memory", fetch(duck(views, "contacts", both)), t2)
    timed("DuckDB, T2 from Parquet", fetch(duck(views, stored, both)), t2)
    con.close()

    def scan():
        return pl.scan_parquet(file).select(
            "unit", pl.coalesce("drg", "procedures").alias("item"), "care_date", "reported_on", "residence",
            "enrolled", (pl.col("place") == "home").fill_null(False).alias("at_home"),
            pl.col("class_severity").fill_null("").alias("severity"),
            pl.col("class_complication").fill_null("").alias("complication"),
        )

    memory = scan().collect()
    one = lambda source: polars(views["now"], source, NOW).collect()

    def two(source):
        sides = [polars(views[k], source, day).collect() for k, day in both]
        key = ["unit", "month", "element", "payer"]
        joined = sides[1].join(sides[0], on=key, how="full", coalesce=True, suffix="_a").fill_null(0)
        changed = joined.select(*key, pl.col("n") - pl.col("n_a"), pl.col("amount") - pl.col("amount_a"))
        return changed.filter((pl.col("n") != 0) | (pl.col("amount") != 0))

    timed("Polars, T1 from memory", lambda: one(memory.lazy()), t1)
    timed("Polars, T1 from Parquet", lambda: one(scan()), t1)
    timed("Polars, T2 from memory", lambda: two(memory.lazy()), t2)
    timed("Polars, T2 from Parquet", lambda: two(scan()), t2)


main()
