//! `statement`: what a unit, or all units of a payee, was paid by the settlements of a month, and what was not.

mod file;
mod paper;
mod write;

use crate::data::{DataFolder, StatedKey, StatedLine, StatedSum, Statement, Whose};
use crate::failure::{Failure, Outcome};
use crate::output::{Format, Lang, Out};
use crate::words;
use kernel::money::Money;
use kernel::price::Marks;
use kernel::register::{Register, View};
use kernel::settle::Cause;
use kernel::time::Month;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What to state.
#[derive(Debug)]
pub struct Ask<'a> {
    /// Whose.
    pub whose: Whose<'a>,
    /// Month of settlement.
    pub month: Month,
    /// Line by line.
    pub lines: bool,
    /// A file to write beside the output: `.xlsx`, `.csv` or `.pdf`.
    pub out: Option<&'a Path>,
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct StatementJson<'a> {
    unit: Option<&'a str>,
    payee: Option<&'a str>,
    month: String,
    origin: &'static str,
    settlements: Vec<&'a str>,
    rows: Vec<RowJson<'a>>,
    elements: Vec<SumJson<'a>>,
    causes: Vec<SumJson<'a>>,
    units: Vec<SumJson<'a>>,
    total_ore: i64,
    total: String,
    shadow_ore: i64,
    shadow: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<LineJson<'a>>>,
    unpriced: Vec<ReasonJson>,
    rejected: Vec<CodeJson>,
}

#[derive(Serialize, JsonSchema)]
struct RowJson<'a> {
    unit: &'a str,
    element: &'a str,
    care_month: String,
    cause: &'a str,
    payer: &'a str,
    payee: &'a str,
    payable: bool,
    count: i64,
    lines: i64,
    amount_ore: i64,
    amount: String,
    rates: &'a BTreeSet<String>,
    decisions: &'a BTreeSet<String>,
    illustrative: bool,
    unverified: bool,
}

/// A sum over rows that have something in common.
#[derive(Serialize, JsonSchema)]
struct SumJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    total_ore: i64,
    total: String,
    shadow_ore: i64,
    shadow: String,
}

#[derive(Serialize, JsonSchema)]
struct LineJson<'a> {
    contact_id: Option<&'a str>,
    unit: &'a str,
    element: &'a str,
    care_month: String,
    cause: &'a str,
    payer: &'a str,
    payee: &'a str,
    payable: bool,
    rate: &'a str,
    count: i64,
    amount_ore: i64,
    amount: String,
}

#[derive(Serialize, JsonSchema)]
struct ReasonJson {
    reason: &'static str,
    count: i64,
}

#[derive(Serialize, JsonSchema)]
struct CodeJson {
    code: &'static str,
    count: i64,
}

/// Runs `statement`.
pub fn run(out: Out, folder: &Path, ask: &Ask<'_>, by: &str) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let form = ask.out.map(|path| file::form(path, data.origin().name())).transpose()?;
    match ask.whose {
        Whose::Unit(unit) => refuse_unknown_unit(data.register(), unit)?,
        Whose::Payee(payee) => refuse_unknown_payee(data.register(), payee)?,
    }
    if data.settlements_of(ask.month).is_empty() {
        return Err(not_settled(&data, ask.month));
    }
    let statement = data.statement(ask.whose, ask.month, ask.lines || form.is_some())?;
    if ask.lines || form.is_some() {
        let (Whose::Unit(whose) | Whose::Payee(whose)) = ask.whose;
        let (rows, month) = (statement.lines.len(), ask.month.to_string());
        data.log_access(by, "statement", whose, "", rows, &month)?;
    }
    let told = Told { data: &data, ask, statement: &statement, marks: data.element_marks() };
    if let (Some(path), Some(form)) = (ask.out, form) {
        told.write_file(out, path, form)?;
    }
    match out.format {
        Format::Json => out.json(&told.json())?,
        Format::Csv => told.csv(out)?,
        Format::Table => told.tell(out)?,
    }
    Ok(Outcome::Done)
}

/// The bytes of a statement as PDF; the statement must have its lines.
pub(crate) fn pdf(
    lang: Lang,
    data: &DataFolder,
    ask: &Ask<'_>,
    statement: &Statement,
) -> Result<Vec<u8>, Failure> {
    Told { data, ask, statement, marks: data.element_marks() }.pdf(lang)
}

/// What is paid, and what is only computed.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    paid: Money,
    shadow: Money,
}

impl Totals {
    fn add(&mut self, key: &StatedKey, sum: &StatedSum) {
        let side = if key.shadow { &mut self.shadow } else { &mut self.paid };
        *side += sum.amount;
    }
}

struct Told<'a> {
    data: &'a DataFolder,
    ask: &'a Ask<'a>,
    statement: &'a Statement,
    marks: BTreeMap<String, Marks>,
}

impl<'a> Told<'a> {
    fn marks(&self, element: &str) -> Marks {
        self.marks.get(element).copied().unwrap_or_default()
    }

    fn total(&self) -> Totals {
        let mut totals = Totals::default();
        for (key, sum) in &self.statement.rows {
            totals.add(key, sum);
        }
        totals
    }

    /// Subtotals by some part of the key.
    fn by<K: Ord>(&self, part: impl Fn(&'a StatedKey) -> K) -> BTreeMap<K, Totals> {
        let mut by: BTreeMap<K, Totals> = BTreeMap::new();
        for (key, sum) in &self.statement.rows {
            by.entry(part(key)).or_default().add(key, sum);
        }
        by
    }

    fn by_element(&self) -> BTreeMap<&'a str, Totals> {
        self.by(|key| key.element.as_str())
    }

    fn by_cause(&self) -> BTreeMap<Cause, Totals> {
        self.by(|key| key.cause)
    }

    fn by_unit(&self) -> BTreeMap<&'a str, Totals> {
        self.by(|key| key.unit.as_str())
    }

    fn json(&'a self) -> StatementJson<'a> {
        let (unit, payee) = match self.ask.whose {
            Whose::Unit(unit) => (Some(unit), None),
            Whose::Payee(payee) => (None, Some(payee)),
        };
        let total = self.total();
        let elements = self.by_element().into_iter();
        let causes = self.by_cause().into_iter();
        let units = self.by_unit().into_iter();
        let unpriced = self.statement.unpriced.iter();
        let rejected = self.statement.rejected.iter();
        let settlements = self.data.settlements_of(self.ask.month);
        StatementJson {
            unit,
            payee,
            month: self.ask.month.to_string(),
            origin: self.data.origin().name(),
            settlements: settlements.iter().map(|s| s.booked.id.as_str()).collect(),
            rows: self.statement.rows.iter().map(|(key, sum)| self.row(key, sum)).collect(),
            elements: elements.map(|(id, of)| sum_json([Some(id), None, None], of)).collect(),
            causes: causes.map(|(c, of)| sum_json([None, Some(c.name()), None], of)).collect(),
            units: units.map(|(id, of)| sum_json([None, None, Some(id)], of)).collect(),
            total_ore: total.paid.ore(),
            total: total.paid.to_string(),
            shadow_ore: total.shadow.ore(),
            shadow: total.shadow.to_string(),
            lines: self.ask.lines.then(|| self.statement.lines.iter().map(line_json).collect()),
            unpriced: unpriced.map(|(r, n)| ReasonJson { reason: r.name(), count: *n }).collect(),
            rejected: rejected.map(|(c, n)| CodeJson { code: c.name(), count: *n }).collect(),
        }
    }

    fn row(&self, key: &'a StatedKey, sum: &'a StatedSum) -> RowJson<'a> {
        let marks = self.marks(&key.element);
        RowJson {
            unit: &key.unit,
            element: &key.element,
            care_month: key.care_month.to_string(),
            cause: key.cause.name(),
            payer: &key.payer,
            payee: &key.payee,
            payable: !key.shadow,
            count: sum.count,
            lines: sum.lines,
            amount_ore: sum.amount.ore(),
            amount: sum.amount.to_string(),
            rates: &sum.rates,
            decisions: &sum.decisions,
            illustrative: marks.illustrative,
            unverified: marks.unverified,
        }
    }
}

fn sum_json<'a>([element, cause, unit]: [Option<&'a str>; 3], of: Totals) -> SumJson<'a> {
    SumJson {
        element,
        cause,
        unit,
        total_ore: of.paid.ore(),
        total: of.paid.to_string(),
        shadow_ore: of.shadow.ore(),
        shadow: of.shadow.to_string(),
    }
}

fn line_json(line: &StatedLine) -> LineJson<'_> {
    let key = &line.key;
    LineJson {
        contact_id: line.contact.as_deref(),
        unit: &key.unit,
        element: &key.element,
        care_month: key.care_month.to_string(),
        cause: key.cause.name(),
        payer: &key.payer,
        payee: &key.payee,
        payable: !key.shadow,
        rate: &line.rate,
        count: line.count,
        amount_ore: line.amount.ore(),
        amount: line.amount.to_string(),
    }
}

/// Refuses a unit that no decision states, with the one that may be meant. Other recipients of a share are units too.
pub fn refuse_unknown_unit(register: &Register, unit: &str) -> Result<(), Failure> {
    let view = register.view(u32::MAX);
    if view.unit_number(unit).is_some() || is_recipient(&view, unit) {
        return Ok(());
    }
    let near = words::near(unit, view.histories.iter().map(|history| history.id.as_str()));
    Err(Failure::refused(
        format!("ingen enhet heter `{unit}`{}", near.sv),
        format!("no unit is called `{unit}`{}", near.en),
    ))
}

/// Whether a share has a recipient of the name (R35).
fn is_recipient(view: &View<'_>, name: &str) -> bool {
    view.keys.keys().any(|(_, _, recipient)| *recipient == name)
}

fn refuse_unknown_payee(register: &Register, payee: &str) -> Result<(), Failure> {
    let view = register.view(u32::MAX);
    if view.providers.keys().any(|id| id.as_str() == payee) || is_recipient(&view, payee) {
        return Ok(());
    }
    let near = words::near(payee, view.providers.keys().map(|id| id.as_str()));
    Err(Failure::refused(
        format!("ingen vårdgivare heter `{payee}`{}", near.sv),
        format!("no provider is called `{payee}`{}", near.en),
    ))
}

/// What to do about a month without a settlement of its own.
pub fn not_settled(data: &DataFolder, month: Month) -> Failure {
    match data.settlements().iter().map(|s| s.booked.month).find(|settled| *settled > month) {
        Some(later) => Failure::refused(
            format!("{month} har ingen egen avräkning; dess vård togs med i avräkningen {later}"),
            format!(
                "{month} has no settlement of its own; its care was taken in the settlement of {later}"
            ),
        ),
        None => Failure::refused(
            format!("{month} är inte avräknad; bokför den först med settle --month {month} --book"),
            format!("{month} is not settled; book it first with settle --month {month} --book"),
        ),
    }
}
