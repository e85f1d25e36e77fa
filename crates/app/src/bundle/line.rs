//! Lines of a receipt: CSV out and in, and the numbers that the kernel settles with.

use super::Fault;
use kernel::contact::Reports;
use kernel::money::Money;
use kernel::price::Total;
use kernel::settle::{Cause, Names, NetKey, Posted, SettleLine};
use kernel::time::Month;

/// A line of a settlement, as texts; in the order of a settlement's lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Settlement.
    pub settlement: String,
    /// The contact; none for a line of a unit formula.
    pub contact_id: Option<String>,
    /// Unit.
    pub unit: String,
    /// Element.
    pub element: String,
    /// Month of care.
    pub care_month: Month,
    /// Why.
    pub cause: Cause,
    /// Who pays.
    pub payer: String,
    /// Who is paid.
    pub payee: String,
    /// Whether it is paid.
    pub payable: bool,
    /// Rate.
    pub rate: String,
    /// Quantity and amount.
    pub total: Total,
}

const HEADS: [&str; 12] = [
    "settlement",
    "contact_id",
    "unit",
    "element",
    "care_month",
    "cause",
    "payer",
    "payee",
    "payable",
    "rate",
    "count",
    "amount_ore",
];

impl Line {
    /// A line that the kernel gave.
    pub fn of(settlement: &str, line: &SettleLine, names: &Names, reports: &Reports) -> Self {
        let text = |number: u32| names.text(number).to_owned();
        Self {
            settlement: settlement.to_owned(),
            contact_id: line.contact.map(|contact| reports.contact_ids.get(contact).to_owned()),
            unit: text(line.key.unit),
            element: text(line.key.element),
            care_month: line.key.month,
            cause: line.cause,
            payer: text(line.key.payer),
            payee: text(line.key.payee),
            payable: line.key.payable,
            rate: text(line.rate),
            total: line.total,
        }
    }

    /// The line in the numbers of `posted` and `reports`; `None` for a contact without reports.
    pub fn settle_line(&self, posted: &mut Posted, reports: &Reports) -> Option<SettleLine> {
        let contact = match &self.contact_id {
            Some(id) => Some(reports.contact_ids.find(id.as_str())?),
            None => None,
        };
        let key = NetKey {
            month: self.care_month,
            unit: posted.name(&self.unit),
            payee: posted.name(&self.payee),
            element: posted.name(&self.element),
            payer: posted.name(&self.payer),
            payable: self.payable,
        };
        let rate = posted.name(&self.rate);
        Some(SettleLine { contact, key, rate, cause: self.cause, total: self.total })
    }

    /// What lines of one settlement are in order of: contacts first, then lines of unit formulas.
    pub(crate) fn place(&self) -> impl Ord + '_ {
        let contact = self.contact_id.as_deref().map_or((1, ""), |id| (0, id));
        let key = (&self.unit, &self.payee, &self.payer, &self.element, self.care_month);
        (contact, key, self.payable, self.cause, &self.rate)
    }

    fn texts(&self) -> [String; 12] {
        [
            self.settlement.clone(),
            self.contact_id.clone().unwrap_or_default(),
            self.unit.clone(),
            self.element.clone(),
            self.care_month.to_string(),
            self.cause.name().to_owned(),
            self.payer.clone(),
            self.payee.clone(),
            self.payable.to_string(),
            self.rate.clone(),
            self.total.count.to_string(),
            self.total.amount.ore().to_string(),
        ]
    }

    fn read(row: &csv::StringRecord) -> Option<Self> {
        let text = |at: usize| row.get(at).map(str::to_owned);
        Some(Self {
            settlement: text(0)?,
            contact_id: text(1).filter(|id| !id.is_empty()),
            unit: text(2)?,
            element: text(3)?,
            care_month: Month::parse(row.get(4)?)?,
            cause: Cause::parse(row.get(5)?)?,
            payer: text(6)?,
            payee: text(7)?,
            payable: row.get(8)?.parse().ok()?,
            rate: text(9)?,
            total: Total {
                count: row.get(10)?.parse().ok()?,
                amount: Money::from_ore(row.get(11)?.parse().ok()?),
            },
        })
    }
}

/// Lines as CSV.
pub(super) fn csv_of(lines: &[Line]) -> String {
    super::archive::csv_text(&HEADS, lines.iter().map(Line::texts))
}

/// Lines from CSV, each with the line of the file that it stands on; one that cannot be read is a fault and left out.
pub(super) fn read(file: &str, text: &str, faults: &mut Vec<Fault>) -> Vec<(u64, Line)> {
    let mut lines = Vec::new();
    let (mut amounts, mut counts) = (0_i64, 0_i64);
    for (number, row) in super::archive::csv_rows(file, text, &HEADS, faults) {
        let line = Line::read(&row).filter(|line| {
            let Total { count, amount } = line.total;
            is_within(&mut amounts, amount.ore()) && is_within(&mut counts, count)
        });
        match line {
            Some(line) => lines.push((number, line)),
            None => faults.push(Fault::unreadable(file, number)),
        }
    }
    lines
}

/// Adds the size of a number to a sum, unless sums of such numbers need not fit: no real receipt comes near it.
fn is_within(sum: &mut i64, number: i64) -> bool {
    let more = number.checked_abs().and_then(|size| sum.checked_add(size));
    let more = more.filter(|more| *more <= i64::MAX / 8);
    *sum = more.unwrap_or(*sum);
    more.is_some()
}
