"""One midwife each, to the minute, by DuckDB from the same stretches as our benchmark.

    python3 -m venv target/peers && target/peers/bin/pip install duckdb
    cargo bench -p bench --bench minutes -- 1000000 target/peers
    target/peers/bin/python bench/peers/minutes.py target/peers

Own minutes of every birth must be equal, or it stops. Prints the median of nine runs; the tables are in memory before.
"""

import statistics
import sys
import time

import duckdb

RUNS = 9

# A midwife has a woman alone where exactly one of her stretches within active phases runs; of several such midwives each minute counts once.
COUNT = """
with within as (
    select s.carer, s.contact, greatest(s."from", b."from") as begins, least(s.until, b.until) as ends
    from staffing s join births b using (contact)
    where greatest(s."from", b."from") < least(s.until, b.until)
), changes as (
    select carer, begins as moment, 1 as step, contact from within
    union all select carer, ends, -1, contact from within
), moments as (
    select carer, moment, sum(step) as step, sum(step * contact) as contact from changes group by carer, moment
), running as (
    select moment, lead(moment) over w as next,
        sum(step) over (w rows unbounded preceding) as women, sum(contact) over (w rows unbounded preceding) as contact
    from moments window w as (partition by carer order by moment)
), alone as (
    select contact, moment, next from running where women = 1 and next is not null
), marked as (
    select contact, moment, next,
        max(next) over (partition by contact order by moment, next rows between unbounded preceding and 1 preceding) as before
    from alone
)
select contact, sum(greatest(0, next - greatest(moment, coalesce(before, moment)))) as own from marked group by contact
"""


def main(folder):
    db = duckdb.connect(config={"threads": 2})
    for table in ("births", "staffing"):
        db.execute(f"create table {table} as from read_csv('{folder}/minutes-{table}.csv')")
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        db.execute(f"create or replace temp table counted as {COUNT}")
        seconds.append(time.perf_counter() - started)
    births, off = db.execute(
        "select count(*), count(*) filter (b.own <> coalesce(c.own, 0)) from births b left join counted c using (contact)"
    ).fetchone()
    if off:
        sys.exit(f"{off} of {births} births differ")
    print(f"DuckDB {duckdb.__version__}: {statistics.median(seconds):.3f} s ({min(seconds):.3f}); {births} births equal")


main(sys.argv[1])
