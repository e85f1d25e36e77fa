"""Makes the files beside this one with other people's writers: pandas, pyarrow, openpyxl, XlsxWriter.

Every file says what base.csv says; the tests hold the program to that. Not run by any test:
    python make.py        (pandas 3.1.1, pyarrow 26.0.1, openpyxl 3.1.5)
"""

import datetime
import gzip
import pathlib

import openpyxl
import pandas
import pyarrow
import pyarrow.parquet
import xlsxwriter

HERE = pathlib.Path(__file__).parent
UNITS = ["danderyd", "sodersjukhuset", "karolinska-huddinge", "karolinska-solna", "sodertalje"]
DRGS = ["P05A", "P05C", "P05E"]
NAMES = (
    "contact_id report reported_on unit person kind care_date drg diagnoses residence place "
    "enrolled gestational_days parity team"
).split()


def check_digit(digits):
    total = 0
    for place, digit in enumerate(reversed(digits)):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return str(-total % 10)


def reserve(number):
    """99yyyyNNNNNC, C over positions 5 to 11."""
    body = f"{1980 + number % 20}{number:05}"
    return f"99{body}{check_digit(body[2:])}"


def rows():
    for number in range(60):
        day = datetime.date(2023, 1, 1) + datetime.timedelta(days=number % 59)
        yield {
            "contact_id": f"K{number:03}",
            "report": ["", "new", "correction"][number % 3],
            "reported_on": day + datetime.timedelta(days=number % 5),
            "unit": UNITS[number % 5],
            "person": reserve(number),
            "kind": "delivery",
            "care_date": day,
            "drg": DRGS[number % 3],
            "diagnoses": ["O80.0 Z37.0", "O82.1 Z370", "O81.4"][number % 3],
            "residence": ["0180", "0123", "1480"][number % 3],
            "place": ["", "home"][number % 7 == 0],
            "enrolled": [True, False][number % 2],
            "gestational_days": [None, 274, 281][number % 3],
            "parity": number % 4,
            "team": ["", "Lag Östermalm"][number % 2],
        }


def text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return str(value)


def columns(of):
    return {name: [of(name, row[name]) for row in rows()] for name in NAMES}


def csv():
    lines = [";".join(NAMES)] + [";".join(text(row[name]) for name in NAMES) for row in rows()]
    content = "\n".join(lines) + "\n"
    (HERE / "base.csv").write_text(content, encoding="utf-8")
    with gzip.GzipFile(HERE / "base.csv.gz", "wb", mtime=0) as packed:
        packed.write(content.encode())


def parquet():
    as_text = columns(lambda _, value: text(value))
    pyarrow.parquet.write_table(pyarrow.table(as_text), HERE / "text.parquet", compression="snappy")
    typed = columns(lambda _, value: None if value == "" else value)
    types = {
        "reported_on": pyarrow.date32(),
        "care_date": pyarrow.date32(),
        "enrolled": pyarrow.bool_(),
        "gestational_days": pyarrow.int32(),
        "parity": pyarrow.int64(),
    }
    schema = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in NAMES])
    table = pyarrow.table(typed, schema=schema)
    pyarrow.parquet.write_table(
        table, HERE / "typed.parquet", compression="zstd", row_group_size=7, data_page_version="2.0"
    )
    plain = ["gestational_days", "parity"]
    pyarrow.parquet.write_table(
        table,
        HERE / "delta.parquet",
        use_dictionary=False,
        column_encoding={name: "DELTA_BINARY_PACKED" for name in plain} | {"unit": "DELTA_BYTE_ARRAY"},
    )
    frame = pandas.DataFrame(typed)
    for name in ["reported_on", "care_date"]:
        frame[name] = pandas.to_datetime(frame[name])
    frame["gestational_days"] = frame["gestational_days"].astype("float64")
    frame.to_parquet(HERE / "pandas.parquet")
    frame["diagnoses"] = frame["diagnoses"].str.split(" ")
    frame.to_parquet(HERE / "refused-list.parquet")


def openpyxl_book():
    book = openpyxl.Workbook()
    book.active.title = "Läs mig"
    book.active["A1"] = "Uttag ur journalsystemet"
    sheet = book.create_sheet("Kontakter")
    sheet.append(NAMES)
    for row in rows():
        sheet.append([row[name] if row[name] != "" else None for name in NAMES])
    book.create_sheet("Tomt")
    book.save(HERE / "openpyxl.xlsx")


def formula_book():
    """Three contacts; of the second a program wrote the residence as a formula, and none has computed it."""
    book = openpyxl.Workbook()
    book.active.append(NAMES)
    for at, row in enumerate(list(rows())[:3]):
        row["residence"] = '="0380"' if at == 1 else row["residence"]
        book.active.append([row[name] if row[name] != "" else None for name in NAMES])
    book.save(HERE / "refused-formula.xlsx")


def xlsxwriter_book(name, date_1904):
    book = xlsxwriter.Workbook(HERE / name, {"default_date_format": "yyyy-mm-dd", "date_1904": date_1904})
    sheet = book.add_worksheet("Blad1")
    sheet.write_row(0, 0, NAMES)
    epoch = datetime.date(1904, 1, 1) if date_1904 else datetime.date(1899, 12, 30)
    # A blank row stands between the header and the rows.
    for at, row in enumerate(rows(), start=2):
        for column, key in enumerate(NAMES):
            value = row[key]
            if key == "reported_on":
                # A number that nothing says is a day.
                sheet.write_number(at, column, (value - epoch).days)
            elif key == "care_date" and at % 2 == 0:
                sheet.write_string(at, column, str(value))
            elif key == "residence":
                sheet.write_number(at, column, int(value))
            elif key == "parity":
                sheet.write_formula(at, column, f"={value}+0", value=value)
            elif value is not None and value != "":
                sheet.write(at, column, value)
    book.close()


csv()
parquet()
openpyxl_book()
formula_book()
xlsxwriter_book("serials-1900.xlsx", False)
xlsxwriter_book("serials-1904.xlsx", True)
