//! Settlement lines and the ledger as Parquet, for whoever analyses them with programs of their own.
//!
//! Owns: the columns. Does not own: the lines and postings, or how columns lie in a file (`bulk::plain`).
//!
//! `SELECT unit, SUM(amount_ore) FROM 'SYNTETISK-rader.parquet' WHERE payable GROUP BY unit` is the cost of care by unit in the ledger.

use super::chart::Chart;
use super::{Which, journal, marking};
use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Format, Out};
use crate::workbook;
use bulk::plain::{self, Column, Part};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use documents::books::{Posting, Voucher};
use documents::marking::Marking;
use kernel::money::Money;
use kernel::price::Marks;
use kernel::time::Month;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use store::Settlement;

/// Which rows a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The lines of every settlement that stands.
    Lines,
    /// Every posting.
    Ledger,
}

impl Of {
    const fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Ledger => "ledger",
        }
    }
}

impl ValueEnum for Of {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Lines, Self::Ledger]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

const LINES: &str = "vardkedja-settlement-lines-1";
const LEDGER: &str = "vardkedja-ledger-1";

#[derive(Serialize)]
struct ParquetJson<'a> {
    file: String,
    origin: &'a str,
    of: &'static str,
    rows: usize,
    total_ore: i64,
}

/// A file in memory, how many rows it has and what they come to.
struct Made {
    bytes: Vec<u8>,
    rows: usize,
    total: Money,
}

/// Runs `export parquet`. Lines have contact ids, so who takes them out is noted.
pub fn flat(out: Out, folder: &Path, of: Of, file: &Path, by: &str) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let origin = data.origin().name();
    let name = workbook::marked_name("out", file, origin)?;
    let Made { bytes, rows, total } = match of {
        Of::Lines => lines(&data)?,
        Of::Ledger => ledger(&data)?,
    };
    if of == Of::Lines {
        data.log_access(by, "export parquet", "", "", rows, "")?;
    }
    workbook::write_whole(file, &bytes)?;
    if out.format == Format::Table {
        out.synthetic_band(data.is_synthetic());
        out.say(
            &format!("{name}: {rows} rader, {total}."),
            &format!("{name}: {rows} rows, {total}."),
        );
    } else {
        out.json(&ParquetJson { file: name, origin, of: of.name(), rows, total_ore: total.ore() })?;
    }
    Ok(Outcome::Done)
}

/// The lines of every settlement that stands, a part for each; what is paid of them is the total.
fn lines(data: &DataFolder) -> Result<Made, Failure> {
    let view = data.register().view(u32::MAX);
    let about = About {
        origin: data.origin().name(),
        marking: marking(data),
        marks: data.element_marks(),
        decisions: view
            .rates
            .iter()
            .map(|rate| {
                let decision = rate.decision;
                let said = (decision.id.as_str(), decision.case_number.as_deref());
                (rate.fact.id.as_str(), said)
            })
            .collect(),
    };
    let (mut rows, mut total) = (0, Money::ZERO);
    let mut parts = data.settlements().iter().map(|settlement| {
        let lines = data.booked_lines(settlement)?;
        rows += lines.len();
        total += lines.rows().filter(|line| line.payable).map(|line| line.amount).sum();
        Ok::<Part, Failure>(about.part(settlement, &lines))
    });
    let Some(first) = parts.next() else {
        return Err(Failure::refused("inget är bokfört än", "nothing is booked yet"));
    };
    let bytes = plain::write(Vec::new(), LINES, about.origin, first?, parts)?;
    Ok(Made { bytes, rows, total })
}

/// What lines are told with.
struct About<'r> {
    origin: &'static str,
    marking: Marking,
    marks: BTreeMap<String, Marks>,
    /// Decision and case number of a rate.
    decisions: BTreeMap<&'r str, (&'r str, Option<&'r str>)>,
}

impl About<'_> {
    fn part(&self, settlement: &Settlement, lines: &bulk::lines::LineColumns) -> Part {
        let rows = lines.len();
        let booked = &settlement.booked;
        let same = |text: &str| Column::texts(std::iter::repeat_n(text, rows));
        let decision = |of: fn(&(&str, Option<&str>)) -> String| {
            let one = |line: bulk::lines::LineRow<'_>| self.decisions.get(line.rate).map(of);
            Column::texts(lines.rows().map(|line| one(line).unwrap_or_default()))
        };
        let months = lines.care_month.iter().map(|month| Month::from_number(*month).to_string());
        vec![
            ("mark", Column::texts(lines.rows().map(|line| self.mark(line.element)))),
            ("origin", same(self.origin)),
            ("settlement", same(&booked.id)),
            ("settled_month", same(&booked.month.to_string())),
            ("settled_on", Column::Day(vec![booked.settled_on.number(); rows])),
            ("contact_id", Column::Id(lines.contact_id.clone())),
            ("unit", Column::Text(lines.unit.clone())),
            ("care_month", Column::texts(months)),
            ("element", Column::Text(lines.element.clone())),
            ("payee", Column::Text(lines.payee.clone())),
            ("payer", Column::Text(lines.payer.clone())),
            ("payable", Column::Flag(lines.payable.clone())),
            ("rate", Column::Text(lines.rate.clone())),
            ("decision", decision(|(id, _)| (*id).to_owned())),
            ("case_number", decision(|(_, case)| case.unwrap_or_default().to_owned())),
            ("cause", Column::Text(lines.cause.clone())),
            ("count", Column::Long(lines.count.clone())),
            ("amount_ore", Column::Long(lines.amount_ore.clone())),
        ]
    }

    fn mark(&self, element: &str) -> String {
        let marks = self.marks.get(element).copied().unwrap_or_default();
        let Marks { illustrative, unverified } = marks;
        let marking = Marking { illustrative, unverified, ..self.marking };
        marking.words().unwrap_or_default()
    }
}

/// Every posting under its voucher, numbered as in the other files of the books; debit is the total.
fn ledger(data: &DataFolder) -> Result<Made, Failure> {
    let (chart, marking) = (Chart::of(data.register()), marking(data));
    let books = journal::books(data, &chart, Which { from: None, to: None }, marking)?;
    let postings = || {
        let of = |voucher| move |posting| (voucher, posting);
        books.vouchers.iter().flat_map(move |voucher| voucher.postings.iter().map(of(voucher)))
    };
    let rows = postings().count();
    let mark = marking.words().unwrap_or_default();
    let labels: BTreeMap<u32, &str> =
        books.accounts.iter().map(|account| (account.number, account.label.as_str())).collect();
    let texts = |text: &dyn Fn(&Voucher, &Posting) -> String| {
        Column::texts(postings().map(|(voucher, posting)| text(voucher, posting)))
    };
    let stated = |of: fn(&Posting) -> &Option<String>| {
        texts(&|_, posting| of(posting).clone().unwrap_or_default())
    };
    let month = |posting: &Posting| posting.care_month.map(|month| month.to_string());
    let part = vec![
        ("mark", Column::texts(std::iter::repeat_n(mark, rows))),
        ("origin", Column::texts(std::iter::repeat_n(data.origin().name(), rows))),
        ("voucher", texts(&|voucher, _| voucher.name())),
        ("booked_on", Column::Day(postings().map(|(voucher, _)| voucher.day.number()).collect())),
        ("text", texts(&|voucher, _| voucher.text.clone())),
        ("account", texts(&|_, posting| posting.account.to_string())),
        (
            "account_label",
            texts(&|_, posting| labels.get(&posting.account).map_or("", |label| *label).to_owned()),
        ),
        ("unit", stated(|posting| &posting.unit)),
        ("element", stated(|posting| &posting.element)),
        ("payer", stated(|posting| &posting.payer)),
        ("payee", stated(|posting| &posting.payee)),
        ("care_month", texts(&|_, posting| month(posting).unwrap_or_default())),
        ("cause", stated(|posting| &posting.cause)),
        ("decision", stated(|posting| &posting.decision)),
        ("financing", stated(|posting| &posting.financing)),
        ("amount_ore", Column::Long(postings().map(|(_, one)| one.amount.ore()).collect())),
    ];
    let debits = postings().map(|(_, one)| one.amount).filter(|amount| *amount > Money::ZERO);
    let total = debits.sum();
    let none = std::iter::empty::<Result<Part, Failure>>();
    let bytes = plain::write(Vec::new(), LEDGER, data.origin().name(), part, none)?;
    Ok(Made { bytes, rows, total })
}
