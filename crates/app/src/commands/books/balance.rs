//! `books balance`: what the accounts come to, now, on a day, or as when a year was closed.

use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::words;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use kernel::journal::{Deed, DeedKind};
use kernel::ledger::Account;
use kernel::money::Money;
use kernel::time::Day;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use store::Posting;

/// What balances are added up by, beside the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The account alone.
    Account,
    /// Unit.
    Unit,
    /// Element of pay.
    Element,
    /// Payer.
    Payer,
    /// Payee.
    Payee,
    /// Month of care.
    CareMonth,
    /// Decision.
    Decision,
    /// Financing source.
    Financing,
    /// Cause.
    Cause,
}

impl By {
    const ALL: [Self; 9] = [
        Self::Account,
        Self::Unit,
        Self::Element,
        Self::Payer,
        Self::Payee,
        Self::CareMonth,
        Self::Decision,
        Self::Financing,
        Self::Cause,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Unit => "unit",
            Self::Element => "element",
            Self::Payer => "payer",
            Self::Payee => "payee",
            Self::CareMonth => "care-month",
            Self::Decision => "decision",
            Self::Financing => "financing",
            Self::Cause => "cause",
        }
    }

    fn of(self, posting: &Posting) -> String {
        match self {
            Self::Account => String::new(),
            Self::Unit => posting.unit.clone(),
            Self::Element => posting.element.clone(),
            Self::Payer => posting.payer.clone(),
            Self::Payee => posting.payee.clone(),
            Self::CareMonth => {
                posting.care_month.map_or_else(String::new, |month| month.to_string())
            }
            Self::Decision => posting.decision.clone(),
            Self::Financing => posting.financing.clone(),
            Self::Cause => posting.cause.clone(),
        }
    }
}

impl ValueEnum for By {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// The two sides of an account.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sides {
    /// Amounts from nothing up.
    pub debit: Money,
    /// Amounts below nothing, turned.
    pub credit: Money,
}

impl Sides {
    fn add(&mut self, amount: Money) {
        if amount < Money::ZERO {
            self.credit += -amount;
        } else {
            self.debit += amount;
        }
    }

    /// Debit less credit.
    pub(crate) fn balance(self) -> Money {
        self.debit - self.credit
    }
}

#[derive(Serialize)]
struct BalanceJson<'a> {
    on: Option<String>,
    closed: Option<i32>,
    by: &'static str,
    origin: &'static str,
    rows: Vec<RowJson<'a>>,
    total_ore: i64,
}

#[derive(Serialize)]
struct RowJson<'a> {
    account: &'a str,
    key: &'a str,
    debit_ore: i64,
    credit_ore: i64,
    balance_ore: i64,
    balance: String,
}

/// Runs `books balance`.
pub fn balance(
    out: Out,
    folder: &Path,
    on: Option<Day>,
    closed: Option<i32>,
    by: By,
) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let sums = sums(&data, on, closed, by)?;
    let total: Money = sums.values().map(|sides| sides.balance()).sum();
    if out.format == Format::Json {
        let rows = sums.iter().map(row_json).collect();
        let (on, origin) = (on.map(|on| on.to_string()), data.origin().name());
        out.json(&BalanceJson { on, closed, by: by.name(), origin, rows, total_ore: total.ore() })?;
        return Ok(Outcome::Done);
    }
    if out.format == Format::Table {
        out.synthetic_band(data.is_synthetic());
    }
    let cells = |((account, key), sides): (&(String, String), &Sides)| -> Vec<Cell> {
        let name = Account::parse(account).map_or_else(
            || account.as_str().into(),
            |known| Cell::of(out.lang.of(&words::account(known)), account),
        );
        vec![
            name,
            key.as_str().into(),
            sides.debit.into(),
            sides.credit.into(),
            sides.balance().into(),
        ]
    };
    let rows: Vec<_> = sums.iter().map(cells).collect();
    out.table_of(data.origin().name(), &HEADS, &rows)?;
    if out.format == Format::Table {
        out.say(
            &format!("\nAllt sammanlagt: {total}; varje verifikation går jämnt ut."),
            &format!("\nAll together: {total}; every entry balances."),
        );
    }
    Ok(Outcome::Done)
}

/// The accounts, added up: by account and key.
pub(crate) type Balances = BTreeMap<(String, String), Sides>;

/// What the accounts come to by something beside the account, now, on a day, or as when a year was closed.
pub(crate) fn sums(
    data: &DataFolder,
    on: Option<Day>,
    closed: Option<i32>,
    by: By,
) -> Result<Balances, Failure> {
    let last = closed.map(|year| closing(data, year)).transpose()?;
    let counts = |(seq, deed): &&(i64, Deed)| {
        on.is_none_or(|day| deed.on <= day) && last.is_none_or(|last| *seq <= last)
    };
    let counted: BTreeSet<i64> = data.deeds().iter().filter(counts).map(|(seq, _)| *seq).collect();
    let mut sums = Balances::new();
    for row in data.postings()?.iter().filter(|row| counted.contains(&row.deed)) {
        let key = (row.posting.account.clone(), by.of(&row.posting));
        sums.entry(key).or_default().add(row.posting.amount);
    }
    Ok(sums)
}

fn row_json<'a>(((account, key), sides): (&'a (String, String), &Sides)) -> RowJson<'a> {
    RowJson {
        account,
        key,
        debit_ore: sides.debit.ore(),
        credit_ore: sides.credit.ore(),
        balance_ore: sides.balance().ore(),
        balance: sides.balance().to_string(),
    }
}

/// The number of the deed that closed a year, the last time it was closed.
pub fn closing(data: &DataFolder, year: i32) -> Result<i64, Failure> {
    let subject = format!("{year:04}");
    let mut closings = data.deeds().iter().rev();
    let found = closings.find(|(_, d)| d.kind == DeedKind::CloseYear && d.subject == subject);
    found.map(|(seq, _)| *seq).ok_or_else(|| {
        Failure::refused(
            format!("året {year} är inte stängt; stäng det med `books close --year {year}`"),
            format!("the year {year} is not closed; close it with `books close --year {year}`"),
        )
    })
}

const HEADS: [Head; 5] = [
    text("account", "Konto", "Account"),
    text("key", "Fördelat på", "By"),
    number("debit_ore", "Debet", "Debit"),
    number("credit_ore", "Kredit", "Credit"),
    number("balance_ore", "Saldo", "Balance"),
];
