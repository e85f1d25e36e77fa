//! `frame show`: what each budget frame is, what rates that it finances have paid, what is left, and a forecast.
//!
//! Owns: how frames are told. Does not own: the sums (`kernel::grant`).

pub mod trace;

use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::{ratebook, workbook};
use documents::sheet::{self, Sheet};
use kernel::grant::{Frame, FrameYear, Settled, frames};
use kernel::money::Money;
use kernel::register::Register;
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What to show.
#[derive(Debug)]
pub struct Ask {
    /// One frame, or all.
    pub id: Option<String>,
    /// Ratebook folders, instead of the data folder.
    pub register: Vec<PathBuf>,
    /// As known, and settled, on a day.
    pub known_on: Option<Day>,
    /// A workbook to write.
    pub xlsx: Option<PathBuf>,
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ShowJson<'a> {
    known_on: String,
    origin: &'static str,
    frames: Vec<FrameJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct FrameJson<'a> {
    id: &'a str,
    label: &'a str,
    years: Vec<YearJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct YearJson<'a> {
    year: i32,
    granted: bool,
    amount_ore: i64,
    amount: String,
    paid_ore: i64,
    paid: String,
    left_ore: i64,
    left: String,
    months: u32,
    forecast_ore: Option<i64>,
    forecast: Option<String>,
    forecast_left_ore: Option<i64>,
    rates: &'a [String],
    burn_down: Vec<MonthJson>,
}

#[derive(Serialize, JsonSchema)]
struct MonthJson {
    month: String,
    paid_ore: i64,
    paid: String,
    left_ore: i64,
    left: String,
}

/// Runs `frame show`.
pub fn run(out: Out, folder: &Path, ask: &Ask) -> Result<Outcome, Failure> {
    let known_on = ask.known_on.unwrap_or_else(engine::today);
    if !ask.register.is_empty() {
        let read = ratebook::read_folders(&ask.register)?;
        engine::refuse(read.findings)?;
        let register = Register::from_ratebooks(read.decisions);
        return write(out, &register, &[], "reported", ask, known_on);
    }
    let data = DataFolder::open(folder)?;
    let settled = data.settled()?;
    let origin = if settled.is_empty() { "reported" } else { data.origin().name() };
    write(out, data.register(), &settled, origin, ask, known_on)
}

fn write(
    out: Out,
    register: &Register,
    settled: &[Settled],
    origin: &'static str,
    ask: &Ask,
    known_on: Day,
) -> Result<Outcome, Failure> {
    let mut all = frames(register, register.as_of(known_on), known_on, settled);
    if let Some(id) = &ask.id {
        let known: Vec<&str> = all.iter().map(|frame| frame.id).collect();
        let known = known.join(", ");
        all.retain(|frame| frame.id == id);
        if all.is_empty() {
            return Err(Failure::refused(
                format!("inget anslag `{id}` är känt {known_on}; kända är: {known}"),
                format!("no frame `{id}` is known on {known_on}; known are: {known}"),
            ));
        }
    }
    if let Some(path) = &ask.xlsx {
        let sheets: Vec<Sheet> =
            all.iter().map(|frame| workbook_sheet(out, frame, origin)).collect();
        workbook::write(path, origin, &sheets)?;
    }
    match out.format {
        Format::Json => {
            let frames = all.iter().map(json).collect();
            out.json(&ShowJson { known_on: known_on.to_string(), origin, frames })?;
        }
        Format::Csv => out.table_of(origin, &HEADS, &rows(&all))?,
        Format::Table => tell(out, &all, origin)?,
    }
    Ok(Outcome::Done)
}

fn json<'a>(frame: &'a Frame<'_>) -> FrameJson<'a> {
    let year = |of: &'a FrameYear| YearJson {
        year: of.year,
        granted: of.is_granted,
        amount_ore: of.amount.ore(),
        amount: of.amount.to_string(),
        paid_ore: of.total().ore(),
        paid: of.total().to_string(),
        left_ore: of.left().ore(),
        left: of.left().to_string(),
        months: of.months,
        forecast_ore: of.forecast.map(Money::ore),
        forecast: of.forecast.map(|forecast| forecast.to_string()),
        forecast_left_ore: of.forecast.map(|forecast| (of.amount - forecast).ore()),
        rates: &of.rates,
        burn_down: of
            .burn_down()
            .map(|(month, paid, left)| MonthJson {
                month: month.to_string(),
                paid_ore: paid.ore(),
                paid: paid.to_string(),
                left_ore: left.ore(),
                left: left.to_string(),
            })
            .collect(),
    };
    let years = frame.years.iter().map(year).collect();
    FrameJson { id: frame.id, label: frame.label.unwrap_or(frame.id), years }
}

const HEADS: [Head; 8] = [
    text("frame", "Anslag", "Frame"),
    text("year", "År", "Year"),
    number("amount_ore", "Anslag", "Amount"),
    number("paid_ore", "Betalt", "Paid"),
    number("left_ore", "Kvar", "Left"),
    number("months", "Vårdmånader", "Months of care"),
    number("forecast_ore", "Prognos för året", "Forecast"),
    text("rates", "Nivåer", "Rates"),
];

/// The amount of a year; for people blank where nothing is granted.
fn granted(of: &FrameYear) -> Cell {
    match of.is_granted {
        true => of.amount.into(),
        false => Cell::of("–", "0"),
    }
}

fn rows(all: &[Frame<'_>]) -> Vec<Vec<Cell>> {
    let years = all.iter().flat_map(|frame| frame.years.iter().map(|year| (frame.id, year)));
    years
        .map(|(id, of)| {
            vec![
                id.into(),
                of.year.to_string().into(),
                granted(of),
                of.total().into(),
                of.left().into(),
                i64::from(of.months).into(),
                of.forecast.map_or_else(|| "".into(), Cell::from),
                of.rates.join(" ").into(),
            ]
        })
        .collect()
}

fn tell(out: Out, all: &[Frame<'_>], origin: &str) -> Result<(), Failure> {
    out.synthetic_band(origin == "synthetic");
    if all.is_empty() {
        out.say("inget anslag är känt", "no frame is known");
    }
    for frame in all {
        let (id, label) = (frame.id, frame.label.unwrap_or(frame.id));
        out.say(&format!("\n{label} ({id})"), &format!("\n{label} ({id})"));
        let heads: Vec<Head> = HEADS.into_iter().skip(1).collect();
        let rows = rows(std::slice::from_ref(frame));
        let rows: Vec<Vec<Cell>> = rows.into_iter().map(|row| row[1..].to_vec()).collect();
        out.table(&heads, &rows)?;
        let amount: Money = frame.years.iter().map(|of| of.amount).sum();
        let paid: Money = frame.years.iter().map(FrameYear::total).sum();
        let left = amount - paid;
        out.say(
            &format!("i allt {amount}, betalt {paid}, kvar {left}"),
            &format!("in all {amount}, paid {paid}, left {left}"),
        );
        let rest = frame.years.iter().filter(|of| !of.is_granted);
        let years: Vec<String> = rest.map(|of| of.year.to_string()).collect();
        if !years.is_empty() {
            let years = years.join(", ");
            out.say(
                &format!(
                    "inget anslag är beslutat för {years}, men nivåer som nämner ramen har betalats"
                ),
                &format!("nothing is granted for {years}, yet rates that name the frame were paid"),
            );
        }
    }
    out.say(
        "\nBetalt är vad nivåer som anslaget finansierar har gett, efter vårdmånad. Prognos: betalt × 12 / antal vårdmånader.",
        "\nPaid is what rates that the frame finances gave, by month of care. Forecast: paid × 12 / months of care.",
    );
    Ok(())
}

fn workbook_sheet(out: Out, frame: &Frame<'_>, origin: &str) -> Sheet {
    let pick = |sv, en| out.lang.pick(sv, en).to_owned();
    let mut notes = Vec::new();
    if origin == "synthetic" {
        notes.push("SYNTETISKA DATA".to_owned());
    }
    notes.push(frame.label.unwrap_or(frame.id).to_owned());
    let heads = vec![
        pick("År", "Year"),
        pick("Månad", "Month"),
        pick("Anslag", "Amount"),
        pick("Betalt", "Paid"),
        pick("Kvar", "Left"),
    ];
    let name = frame.id.chars().take(31).collect();
    let mut sheet = Sheet { name, notes, heads, ..Sheet::default() };
    let mut totals = Vec::new();
    for of in &frame.years {
        let first = sheet.row_number(sheet.rows.len() + 1);
        let last = sheet.row_number(sheet.rows.len() + of.paid.len());
        let own = sheet.row_number(sheet.rows.len());
        totals.push(own);
        sheet.rows.push(vec![
            sheet::Cell::text(of.year.to_string()),
            sheet::Cell::Blank,
            sheet::Cell::Amount(of.amount),
            if of.paid.is_empty() {
                sheet::Cell::Amount(Money::ZERO)
            } else {
                sheet::Cell::sum(3, first..=last, of.total())
            },
            sheet::Cell::Formula { text: format!("C{own}-D{own}"), result: of.left() },
        ]);
        for (at, (month, paid, left)) in (first..).zip(of.burn_down()) {
            sheet.rows.push(vec![
                sheet::Cell::Blank,
                sheet::Cell::text(month.to_string()),
                sheet::Cell::Blank,
                sheet::Cell::Amount(paid),
                sheet::Cell::Formula { text: format!("C{own}-SUM(D{first}:D{at})"), result: left },
            ]);
        }
    }
    let of_years = |column: &str| {
        let cells: Vec<String> = totals.iter().map(|row| format!("{column}{row}")).collect();
        cells.join("+")
    };
    let amount: Money = frame.years.iter().map(|of| of.amount).sum();
    let paid: Money = frame.years.iter().map(FrameYear::total).sum();
    let sum = |column, result| sheet::Cell::Formula { text: of_years(column), result };
    let row = vec![
        sheet::Cell::Text(pick("Summa", "Sum")),
        sheet::Cell::Blank,
        sum("C", amount),
        sum("D", paid),
        sum("E", amount - paid),
    ];
    sheet.rows.push(row);
    sheet.sums = 1;
    sheet
}
