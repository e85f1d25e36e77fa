//! `price`: contacts and ratebooks straight to amounts; no data folder, nothing stored.

use crate::data::Labels;
use crate::engine::{self, Priced};
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::{inputs, ratebook, words};
use kernel::contact::Reports;
use kernel::fact::Decision;
use kernel::intake::{Fault, Intake, Persons};
use kernel::known::Span;
use kernel::price::{Amounts, Line, Marks, Reason, RowKey, Total, line_difference};
use kernel::register::{Register, check};
use kernel::time::Day;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What to price.
#[derive(Debug)]
pub struct Ask {
    /// Contact files.
    pub contacts: Vec<PathBuf>,
    /// Ratebook folders.
    pub register: Vec<PathBuf>,
    /// The day of the first side.
    pub known_on: Day,
    /// The day of the second side, which the first is taken from.
    pub against: Option<Day>,
    /// The day of the reports of both sides.
    pub contacts_known_on: Option<Day>,
    /// The last day of care.
    pub through: Option<Day>,
    /// Line by line.
    pub lines: bool,
}

/// Runs `price`.
pub fn run(out: Out, ask: &Ask) -> Result<Outcome, Failure> {
    let register = read_register(&ask.register)?;
    let contacts = inputs::expand(out, &ask.contacts)?;
    let (reports, faults) = read_contacts(out, &contacts)?;
    let side = |known_on: Day| {
        let reports_known_on = ask.contacts_known_on.unwrap_or(known_on);
        let through = ask.through.unwrap_or(reports_known_on);
        let span = Span { known_on: reports_known_on, through, batches: u32::MAX };
        engine::price(register.view(register.as_of(known_on)), &reports, &faults, &span)
    };
    let mut first = side(ask.known_on)?;
    let origin = origin(&contacts);
    let labels = Labels::new(&register);
    let Some(against) = ask.against else {
        let lines = if ask.lines { Some(lines_of(&mut first)?) } else { None };
        let unpriced = if ask.lines { first.unpriced_contacts(|_| true)? } else { Vec::new() };
        let marks = first.pricer.element_marks();
        let told = Told { origin, against: None, reports: &reports, labels, marks, unpriced };
        return write(out, &told, &first.amounts, lines);
    };
    let mut second = side(against)?;
    let lines = if ask.lines {
        Some(line_difference(&lines_of(&mut second)?, &lines_of(&mut first)?))
    } else {
        None
    };
    let amounts = second.amounts.minus(&first.amounts);
    let mut marks = second.pricer.element_marks();
    for (element, mark) in first.pricer.element_marks() {
        marks.entry(element).or_insert(mark);
    }
    let days = Some((ask.known_on, against));
    let unpriced = Vec::new();
    let told = Told { origin, against: days, reports: &reports, labels, marks, unpriced };
    write(out, &told, &amounts, lines)
}

/// What is said beside the amounts.
struct Told<'a> {
    origin: &'static str,
    against: Option<(Day, Day)>,
    reports: &'a Reports,
    labels: Labels,
    marks: BTreeMap<&'a str, Marks>,
    /// Contacts without a price and why, with `--lines`.
    unpriced: Vec<(u32, Reason)>,
}

impl Told<'_> {
    fn marks(&self, element: &str) -> Marks {
        self.marks.get(element).copied().unwrap_or_default()
    }
}

/// Files that call themselves synthetic are; contact files say it nowhere else.
fn origin(files: &[PathBuf]) -> &'static str {
    let is_synthetic = files
        .iter()
        .filter_map(|path| path.file_name())
        .any(|name| name.to_string_lossy().to_uppercase().contains("SYNTETISK"));
    if is_synthetic { "synthetic" } else { "reported" }
}

fn lines_of<'r>(priced: &mut Priced<'r>) -> Result<Vec<Line<'r>>, Failure> {
    Ok(priced.pricer.lines(&priced.contacts, &priced.linked, &priced.unit_lines)?)
}

/// Reads ratebooks into a register; refuses where they have load errors.
pub fn read_register(folders: &[PathBuf]) -> Result<Register, Failure> {
    let read = ratebook::read_folders(folders)?;
    let mut findings = read.findings;
    let decisions: Vec<&Decision> = read.decisions.iter().collect();
    findings.extend(check::check_files(&decisions));
    engine::refuse(findings)?;
    Ok(Register::from_ratebooks(read.decisions))
}

fn read_contacts(out: Out, files: &[PathBuf]) -> Result<(Reports, Vec<Fault>), Failure> {
    let mut intake = Intake::default();
    let mut faults = Vec::new();
    // Numbers stand for persons only while this command runs.
    let mut persons = Persons::default();
    for (path, batch) in files.iter().zip(0..) {
        let mut input = inputs::open(path)?;
        let name = input.source.name().to_owned();
        let file = bulk::contact_file::ContactFile {
            name: &name,
            batch,
            default_reported_on: Day::MIN,
            threads: engine::reading_threads(),
        };
        let progress = crate::progress::bytes(&input, out);
        let mut tell = |bytes| progress.set_position(bytes);
        let source = &mut input.source;
        let read = bulk::contact_file::read(source, file, &mut intake, &mut persons, &mut tell)?;
        progress.finish_and_clear();
        inputs::tell_sheets(out, &name, read.sheet.as_deref(), &read.other_sheets);
        faults.extend(read.rejected.into_iter().map(|row| row.fault));
    }
    Ok((intake.reports, faults))
}

fn write(
    out: Out,
    told: &Told<'_>,
    amounts: &Amounts<'_>,
    lines: Option<Vec<Line<'_>>>,
) -> Result<Outcome, Failure> {
    let lines = lines.map(|lines| sorted(told.reports, lines));
    out.synthetic_band(told.origin == "synthetic");
    match (out.format, &lines) {
        (Format::Json, _) => out.json(&json(told, amounts, lines.as_deref()))?,
        (_, Some(lines)) => {
            out.table_of(told.origin, &LINE_HEADS, &line_cells(out, told, lines))?
        }
        (_, None) => out.table_of(told.origin, &ROW_HEADS, &row_cells(out, told, amounts))?,
    }
    if out.format == Format::Table {
        summary(out, told, amounts);
    }
    Ok(Outcome::Done)
}

/// R43: contact id, null last, then unit, month, element, payer, payable.
fn sorted<'r>(reports: &Reports, mut lines: Vec<Line<'r>>) -> Vec<Line<'r>> {
    let id = |line: &Line<'r>| line.contact.map(|contact| reports.contact_ids.get(contact));
    lines.sort_by(|a, b| {
        (a.contact.is_none(), id(a), a.key, a.rate).cmp(&(
            b.contact.is_none(),
            id(b),
            b.key,
            b.rate,
        ))
    });
    lines
}

fn summary(out: Out, told: &Told<'_>, amounts: &Amounts<'_>) {
    let sum = |payable: bool| {
        let rows = amounts.rows.iter().filter(|(key, _)| key.payable == payable);
        rows.map(|(_, total)| total.amount).sum::<kernel::money::Money>()
    };
    let (paid, shadow) = (sum(true), sum(false));
    match told.against {
        None => out.say(
            &format!("\nAtt betala {paid}; skuggbelopp {shadow}"),
            &format!("\nPayable {paid}; shadow {shadow}"),
        ),
        Some((from, to)) => out.say(
            &format!(
                "\nSkillnad, känt {to} minus känt {from}: att betala {paid}; skuggbelopp {shadow}"
            ),
            &format!(
                "\nDifference, known {to} minus known {from}: payable {paid}; shadow {shadow}"
            ),
        ),
    }
    for (reason, count) in &amounts.unpriced {
        let reason = words::reason(out.lang, *reason);
        out.say(
            &format!("Ej prissatta kontakter, {reason}: {count}"),
            &format!("Unpriced contacts, {reason}: {count}"),
        );
    }
    for (contact, reason) in &told.unpriced {
        let (id, reason) =
            (told.reports.contact_ids.get(*contact), words::reason(out.lang, *reason));
        out.say(&format!("  {id}: {reason}"), &format!("  {id}: {reason}"));
    }
    for (code, count) in &amounts.rejected {
        let code = words::code(out.lang, *code);
        out.say(
            &format!("Avvisade rader, {code}: {count}"),
            &format!("Rejected rows, {code}: {count}"),
        );
    }
}

const ROW_HEADS: [Head; 8] = [
    text("unit", "Enhet", "Unit"),
    text("month", "Månad", "Month"),
    text("element", "Ersättningsslag", "Element"),
    text("payer", "Betalare", "Payer"),
    text("payable", "Betalas", "Payable"),
    number("count", "Antal", "Count"),
    number("amount_ore", "Belopp", "Amount"),
    text("mark", "Märke", "Mark"),
];

const LINE_HEADS: [Head; 10] = [
    text("contact_id", "Kontakt", "Contact"),
    text("unit", "Enhet", "Unit"),
    text("month", "Månad", "Month"),
    text("element", "Ersättningsslag", "Element"),
    text("payer", "Betalare", "Payer"),
    text("payable", "Betalas", "Payable"),
    text("rate", "Nivå", "Rate"),
    number("count", "Antal", "Count"),
    number("amount_ore", "Belopp", "Amount"),
    text("mark", "Märke", "Mark"),
];

fn key_cells(out: Out, labels: &Labels, key: &RowKey<'_>) -> Vec<Cell> {
    vec![
        labels.unit(key.unit),
        key.month.to_string().into(),
        labels.element(key.element),
        labels.payer(key.payer),
        words::yes_no(out.lang, key.payable),
    ]
}

fn row_cells(out: Out, told: &Told<'_>, amounts: &Amounts<'_>) -> Vec<Vec<Cell>> {
    let row = |(key, total): (&RowKey<'_>, &Total)| {
        let mut cells = key_cells(out, &told.labels, key);
        cells.extend([total.count.into(), total.amount.into()]);
        cells.push(words::marks(out.lang, told.marks(key.element)));
        cells
    };
    amounts.rows.iter().map(row).collect()
}

fn line_cells(out: Out, told: &Told<'_>, lines: &[Line<'_>]) -> Vec<Vec<Cell>> {
    let cells = |line: &Line<'_>| {
        let contact = line.contact.map_or("", |contact| told.reports.contact_ids.get(contact));
        let mut cells = vec![contact.into()];
        cells.extend(key_cells(out, &told.labels, &line.key));
        cells.extend([line.rate.into(), line.total.count.into(), line.total.amount.into()]);
        cells.push(words::marks(out.lang, told.marks(line.key.element)));
        cells
    };
    lines.iter().map(cells).collect()
}

#[derive(Serialize)]
struct PriceJson<'a> {
    origin: &'static str,
    rows: Vec<RowJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<LinesJson<'a>>,
    unpriced: Vec<ReasonJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unpriced_contacts: Option<Vec<UnpricedJson<'a>>>,
    rejected: Vec<CodeJson>,
}

#[derive(Serialize)]
struct UnpricedJson<'a> {
    contact_id: &'a str,
    reason: &'static str,
}

#[derive(Serialize)]
struct RowJson<'a> {
    unit: &'a str,
    month: String,
    element: &'a str,
    payer: &'a str,
    payable: bool,
    count: i64,
    amount_ore: i64,
    amount: String,
    illustrative: bool,
    unverified: bool,
}

#[derive(Serialize)]
struct LineJson<'a> {
    contact_id: Option<&'a str>,
    unit: &'a str,
    month: String,
    element: &'a str,
    payer: &'a str,
    payable: bool,
    rate: &'a str,
    count: i64,
    amount_ore: i64,
    amount: String,
    illustrative: bool,
    unverified: bool,
}

#[derive(Serialize)]
struct ReasonJson {
    reason: &'static str,
    count: i64,
}

#[derive(Serialize)]
struct CodeJson {
    code: &'static str,
    count: i64,
}

/// Lines written one by one, so that millions of them need no second copy.
struct LinesJson<'a> {
    told: &'a Told<'a>,
    lines: &'a [Line<'a>],
}

impl Serialize for LinesJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.lines.len()))?;
        for line in self.lines {
            let marks = self.told.marks(line.key.element);
            list.serialize_element(&LineJson {
                contact_id: line.contact.map(|contact| self.told.reports.contact_ids.get(contact)),
                unit: line.key.unit,
                month: line.key.month.to_string(),
                element: line.key.element,
                payer: line.key.payer,
                payable: line.key.payable,
                rate: line.rate,
                count: line.total.count,
                amount_ore: line.total.amount.ore(),
                amount: line.total.amount.to_string(),
                illustrative: marks.illustrative,
                unverified: marks.unverified,
            })?;
        }
        list.end()
    }
}

fn json<'a>(
    told: &'a Told<'a>,
    amounts: &'a Amounts<'a>,
    lines: Option<&'a [Line<'a>]>,
) -> PriceJson<'a> {
    let row = |(key, total): (&RowKey<'a>, &Total)| RowJson {
        unit: key.unit,
        month: key.month.to_string(),
        element: key.element,
        payer: key.payer,
        payable: key.payable,
        count: total.count,
        amount_ore: total.amount.ore(),
        amount: total.amount.to_string(),
        illustrative: told.marks(key.element).illustrative,
        unverified: told.marks(key.element).unverified,
    };
    let mut unpriced: Vec<ReasonJson> = amounts
        .unpriced
        .iter()
        .map(|(reason, count)| ReasonJson { reason: reason.name(), count: *count })
        .collect();
    unpriced.sort_by_key(|entry| entry.reason);
    let mut rejected: Vec<CodeJson> = amounts
        .rejected
        .iter()
        .map(|(code, count)| CodeJson { code: code.name(), count: *count })
        .collect();
    rejected.sort_by_key(|entry| entry.code);
    let mut contacts: Vec<UnpricedJson<'a>> = told
        .unpriced
        .iter()
        .map(|(contact, reason)| UnpricedJson {
            contact_id: told.reports.contact_ids.get(*contact),
            reason: reason.name(),
        })
        .collect();
    contacts.sort_by_key(|contact| contact.contact_id);
    PriceJson {
        origin: told.origin,
        rows: amounts.rows.iter().map(row).collect(),
        lines: lines.map(|lines| LinesJson { told, lines }),
        unpriced,
        unpriced_contacts: (lines.is_some() && told.against.is_none()).then_some(contacts),
        rejected,
    }
}
