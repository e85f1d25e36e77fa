//! `bridge`: from what was known on one day to what was known on another, step by step.

use crate::data::{Amount, Bridge, DataFolder, Labels, StepKey, StepSum};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::words;
use kernel::money::Money;
use kernel::price::Marks;
use kernel::settle::Cause;
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct BridgeJson<'a> {
    from: String,
    to: String,
    unit: Option<&'a str>,
    origin: &'static str,
    opening: AmountJson,
    causes: Vec<CauseJson<'a>>,
    rows: Vec<RowJson<'a>>,
    closing: AmountJson,
}

#[derive(Serialize, JsonSchema)]
struct AmountJson {
    payable_ore: i64,
    payable: String,
    shadow_ore: i64,
    shadow: String,
}

#[derive(Serialize, JsonSchema)]
struct CauseJson<'a> {
    cause: &'static str,
    lines: i64,
    #[serde(flatten)]
    amount: AmountJson,
    decisions: BTreeSet<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct RowJson<'a> {
    unit: &'a str,
    payer: &'a str,
    element: &'a str,
    care_month: String,
    cause: &'static str,
    payable: bool,
    count: i64,
    lines: i64,
    amount_ore: i64,
    amount: String,
    rates: &'a BTreeSet<String>,
    decisions: &'a BTreeSet<String>,
    files: &'a BTreeSet<String>,
    illustrative: bool,
    unverified: bool,
}

/// Runs `bridge`.
pub fn run(
    out: Out,
    folder: &Path,
    from: Day,
    to: Option<Day>,
    unit: Option<&str>,
) -> Result<Outcome, Failure> {
    let to = to.unwrap_or_else(engine::today);
    if to < from {
        return Err(Failure::usage(
            format!("--to {to} är före --from {from}"),
            format!("--to {to} is before --from {from}"),
        ));
    }
    let mut data = DataFolder::open(folder)?;
    if let Some(unit) = unit {
        super::statement::refuse_unknown_unit(data.register(), unit)?;
    }
    let bridge = data.bridge(from, to, unit)?;
    let told = Told { data: &data, bridge: &bridge, marks: data.element_marks(), from, to, unit };
    match out.format {
        Format::Json => out.json(&told.json())?,
        Format::Csv => {
            let rows = told.cells(out, &Labels::default());
            out.table_of(data.origin().name(), &HEADS, &rows)?;
        }
        Format::Table => told.tell(out)?,
    }
    Ok(Outcome::Done)
}

struct Told<'a> {
    data: &'a DataFolder,
    bridge: &'a Bridge,
    marks: BTreeMap<String, Marks>,
    from: Day,
    to: Day,
    unit: Option<&'a str>,
}

/// What one cause comes to.
#[derive(Default)]
struct OfCause<'a> {
    lines: i64,
    amount: Amount,
    decisions: BTreeSet<&'a str>,
}

impl<'a> Told<'a> {
    fn causes(&self) -> BTreeMap<Cause, OfCause<'a>> {
        let mut causes: BTreeMap<Cause, OfCause<'a>> = BTreeMap::new();
        for (key, sum) in &self.bridge.steps {
            let cause = causes.entry(key.cause).or_default();
            cause.lines += sum.lines;
            cause.amount.add(key.payable, sum.total.amount);
            if matches!(key.cause, Cause::Agreement | Cause::Decision) {
                cause.decisions.extend(sum.decisions.iter().map(String::as_str));
            }
        }
        causes
    }

    fn json(&self) -> BridgeJson<'_> {
        let causes = self.causes().into_iter().map(|(cause, of)| CauseJson {
            cause: cause.name(),
            lines: of.lines,
            amount: amount_json(of.amount),
            decisions: of.decisions,
        });
        BridgeJson {
            from: self.from.to_string(),
            to: self.to.to_string(),
            unit: self.unit,
            origin: self.data.origin().name(),
            opening: amount_json(self.bridge.opening),
            causes: causes.collect(),
            rows: self.bridge.steps.iter().map(|(key, sum)| self.row(key, sum)).collect(),
            closing: amount_json(self.bridge.closing),
        }
    }

    fn row<'b>(&self, key: &'b StepKey, sum: &'b StepSum) -> RowJson<'b> {
        let marks = self.marks.get(&key.element).copied().unwrap_or_default();
        RowJson {
            unit: &key.unit,
            payer: &key.payer,
            element: &key.element,
            care_month: key.care_month.to_string(),
            cause: key.cause.name(),
            payable: key.payable,
            count: sum.total.count,
            lines: sum.lines,
            amount_ore: sum.total.amount.ore(),
            amount: sum.total.amount.to_string(),
            rates: &sum.rates,
            decisions: &sum.decisions,
            files: &sum.files,
            illustrative: marks.illustrative,
            unverified: marks.unverified,
        }
    }

    fn cells(&self, out: Out, labels: &Labels) -> Vec<Vec<Cell>> {
        let row = |(key, sum): (&StepKey, &StepSum)| {
            vec![
                labels.unit(&key.unit),
                key.payer.as_str().into(),
                labels.element(&key.element),
                key.care_month.to_string().into(),
                words::cause(out.lang, key.cause),
                words::yes_no(out.lang, key.payable),
                sum.total.count.into(),
                sum.lines.into(),
                sum.total.amount.into(),
                words::list(out.lang, &sum.rates),
                words::list(out.lang, &sum.decisions),
                words::list(out.lang, &sum.files),
                words::marks(out.lang, self.marks.get(&key.element).copied().unwrap_or_default()),
            ]
        };
        self.bridge.steps.iter().map(row).collect()
    }

    /// The causes first, then every row.
    fn tell(&self, out: Out) -> Result<(), Failure> {
        out.synthetic_band(self.data.is_synthetic());
        let labels = self.data.labels();
        if let Some(unit) = self.unit {
            let name = labels.unit_name(unit).unwrap_or(unit);
            out.say(&format!("Brygga för {name} ({unit})"), &format!("Bridge of {name} ({unit})"));
        }
        let end = |day: Day, amount: Amount| {
            let known = format!("{} {day}", out.lang.pick("Känt", "Known"));
            let blank = || Cell::from("");
            vec![known.into(), amount.payable.into(), amount.shadow.into(), blank(), blank()]
        };
        let mut rows = vec![end(self.from, self.bridge.opening)];
        rows.extend(self.causes().into_iter().map(|(cause, of)| {
            let decisions = of.decisions.iter().map(|id| (*id).to_owned()).collect();
            vec![
                Cell::of(&format!("  {}", words::cause(out.lang, cause).shown()), cause.name()),
                Cell::of(&signed(of.amount.payable), ""),
                Cell::of(&signed(of.amount.shadow), ""),
                of.lines.into(),
                words::list(out.lang, &decisions),
            ]
        }));
        rows.push(end(self.to, self.bridge.closing));
        out.table(&CAUSE_HEADS, &rows)?;
        if self.bridge.steps.is_empty() {
            out.say("\nInget har ändrats.", "\nNothing has changed.");
            return Ok(());
        }
        out.say("", "");
        out.table(&HEADS, &self.cells(out, &labels))
    }
}

fn signed(amount: Money) -> String {
    if amount > Money::ZERO { format!("+{amount}") } else { amount.to_string() }
}

fn amount_json(amount: Amount) -> AmountJson {
    AmountJson {
        payable_ore: amount.payable.ore(),
        payable: amount.payable.to_string(),
        shadow_ore: amount.shadow.ore(),
        shadow: amount.shadow.to_string(),
    }
}

const CAUSE_HEADS: [Head; 5] = [
    text("step", "Steg", "Step"),
    number("payable_ore", "Att betala", "Payable"),
    number("shadow_ore", "Skuggbelopp", "Shadow"),
    number("lines", "Rader", "Lines"),
    text("decisions", "Beslut", "Decisions"),
];

const HEADS: [Head; 13] = [
    text("unit", "Enhet", "Unit"),
    text("payer", "Betalare", "Payer"),
    text("element", "Ersättningsslag", "Element"),
    text("care_month", "Vårdmånad", "Care month"),
    text("cause", "Orsak", "Cause"),
    text("payable", "Betalas", "Payable"),
    number("count", "Antal", "Count"),
    number("lines", "Rader", "Lines"),
    number("amount_ore", "Belopp", "Amount"),
    text("rates", "Nivåer", "Rates"),
    text("decisions", "Beslut", "Decisions"),
    text("files", "Filer", "Files"),
    text("mark", "Märke", "Mark"),
];
