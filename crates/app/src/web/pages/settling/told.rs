//! What a settlement comes to, as tables and a picture: by unit, by cause, and from the one before to it.
//!
//! Owns: which sums stand where. Does not own: amounts; they are added up in `place::sums`.

use crate::web::ask::Ask;
use crate::web::chart::Figure;
use crate::web::chart::waterfall::{Step, waterfall};
use crate::web::place::sums::{Sum, SumKey};
use crate::web::query::encoded;
use crate::web::table::{Cell, Table, count, money, text};
use crate::words;
use kernel::money::Money;
use kernel::price::Marks;
use kernel::settle::Cause;
use kernel::time::Month;
use std::collections::{BTreeMap, BTreeSet};

/// Rows with their sums.
pub(super) type Rows<'s> = [(&'s SumKey, &'s Sum)];

/// The sums that somebody may see.
pub(super) fn seen<'s>(ask: &Ask, sums: &'s [(SumKey, Sum)]) -> Vec<(&'s SumKey, &'s Sum)> {
    let own = ask.own_units();
    let is_seen = |key: &SumKey| own.is_none_or(|own| own.contains(&*key.unit));
    sums.iter().filter(|(key, _)| is_seen(key)).map(|(key, sum)| (key, sum)).collect()
}

/// What is paid now, what is corrected and what is only computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// Current care.
    pub current: Money,
    /// Corrections.
    pub corrected: Money,
    /// Shadow amounts.
    pub shadow: Money,
    /// Lines.
    pub lines: i64,
}

impl Parts {
    /// Of some rows.
    pub(super) fn of(rows: &Rows<'_>) -> Self {
        let mut parts = Self::default();
        rows.iter().for_each(|(key, sum)| parts.add(key, sum));
        parts
    }

    fn add(&mut self, key: &SumKey, sum: &Sum) {
        let part = match (key.shadow, key.cause) {
            (true, _) => &mut self.shadow,
            (false, Cause::Current) => &mut self.current,
            (false, _) => &mut self.corrected,
        };
        *part += sum.amount;
        self.lines += sum.lines;
    }

    /// What is paid.
    pub(super) fn payable(&self) -> Money {
        self.current + self.corrected
    }
}

/// The units of a settlement, each with what it is paid.
pub(super) fn units(
    ask: &Ask,
    id: &'static str,
    caption: &str,
    rows: &Rows<'_>,
    booked: Option<Month>,
) -> Table {
    let mut of_unit: BTreeMap<&str, (Parts, Marks, BTreeSet<&str>)> = BTreeMap::new();
    for (key, sum) in rows {
        let (parts, marks, payees) = of_unit.entry(&key.unit).or_default();
        parts.add(key, sum);
        payees.insert(&key.payee);
        let of_element = ask.place.marks.get(&*key.element).copied().unwrap_or_default();
        marks.illustrative |= of_element.illustrative;
        marks.unverified |= of_element.unverified;
    }
    let row = |(unit, (parts, marks, payees)): (&str, (Parts, Marks, BTreeSet<&str>))| {
        let name = ask.place.labels.unit_name(unit).unwrap_or(unit);
        let mut cell = Cell::of(name, unit);
        if marks != Marks::default() {
            cell = cell.mark(words::marks(ask.lang, marks).shown());
        }
        if let Some(month) = booked {
            cell = cell.to(format!("/besked/{month}/{}", encoded(unit)));
        }
        let payees: Vec<&str> = payees
            .into_iter()
            .map(|payee| ask.place.labels.provider_name(payee).unwrap_or(payee))
            .collect();
        vec![
            cell,
            payees.join(", ").into(),
            parts.current.into(),
            parts.corrected.into(),
            parts.payable().into(),
            parts.shadow.into(),
        ]
    };
    let columns = vec![
        text("unit", "Enhet", "Unit"),
        text("payee", "Betalas till", "Paid to"),
        money("current_ore", "Löpande", "Current").summed(),
        money("corrected_ore", "Rättelser", "Corrections").summed(),
        money("amount_ore", "Att betala", "To pay").summed(),
        money("shadow_ore", "Skuggbelopp", "Shadow").summed(),
    ];
    Table::new(id, caption, columns)
        .rows(of_unit.into_iter().map(row))
        .empty(
            ask.say("Inget betalas och inget rättas.", "Nothing is paid and nothing is corrected."),
        )
        .origin(ask.place.origin())
}

/// The corrections of a settlement by cause and month of care.
pub(super) fn corrections(ask: &Ask, id: &'static str, rows: &Rows<'_>) -> Option<Table> {
    let mut sums: BTreeMap<(Cause, Month), (i64, BTreeSet<&str>, Money)> = BTreeMap::new();
    let meant = rows.iter().filter(|(key, _)| key.cause != Cause::Current && !key.shadow);
    for (key, sum) in meant {
        let of_cause = sums.entry((key.cause, key.care_month)).or_default();
        of_cause.0 += sum.lines;
        of_cause.1.insert(&key.unit);
        of_cause.2 += sum.amount;
    }
    if sums.is_empty() {
        return None;
    }
    let columns = vec![
        text("cause", "Orsak", "Cause"),
        text("care_month", "Vårdmånad", "Month of care"),
        count("units", "Enheter", "Units"),
        count("lines", "Rader", "Lines").summed(),
        money("amount_ore", "Rättelse", "Correction").summed(),
    ];
    let cells = sums.into_iter().map(|((cause, month), (lines, units, amount))| {
        vec![
            words::cause(ask.lang, cause).into(),
            month.to_string().into(),
            units.len().into(),
            lines.into(),
            amount.into(),
        ]
    });
    let caption = ask.say("Rättelser av tidigare månader", "Corrections of earlier months");
    Some(Table::new(id, caption, columns).rows(cells).origin(ask.place.origin()))
}

/// A total, with what it is of.
pub(super) struct End<'a> {
    /// What it is of.
    pub label: String,
    /// Its rows.
    pub rows: &'a Rows<'a>,
}

fn by_cause(rows: &Rows<'_>) -> BTreeMap<Cause, Money> {
    let mut sums: BTreeMap<Cause, Money> = BTreeMap::new();
    for (key, sum) in rows.iter().filter(|(key, _)| !key.shadow) {
        *sums.entry(key.cause).or_default() += sum.amount;
    }
    sums
}

/// From one settlement's total to another's, by cause.
pub(super) fn change(ask: &Ask, id: &'static str, from: &End<'_>, to: &End<'_>) -> Figure {
    let (before, now) = (by_cause(from.rows), by_cause(to.rows));
    let causes: BTreeSet<Cause> = before.keys().chain(now.keys()).copied().collect();
    let of = |sums: &BTreeMap<Cause, Money>, cause| sums.get(&cause).copied().unwrap_or_default();
    let mut steps = Vec::new();
    let mut rows = Vec::new();
    for cause in causes {
        let (was, is) = (of(&before, cause), of(&now, cause));
        let word = words::cause(ask.lang, cause);
        steps.push(Step { label: word.shown().to_owned(), amount: is - was });
        rows.push(vec![word.into(), was.into(), is.into(), (is - was).into()]);
    }
    let first = Step { label: from.label.clone(), amount: before.values().copied().sum() };
    let last = Step { label: to.label.clone(), amount: now.values().copied().sum() };
    let columns = vec![
        text("cause", "Orsak", "Cause"),
        money("before_ore", "Förra", "Before").summed(),
        money("now_ore", "Denna", "This").summed(),
        money("change_ore", "Ändring", "Change").summed(),
    ];
    let title = ask
        .say("Från {a} till {b}, orsak för orsak", "From {a} to {b}, cause by cause")
        .replace("{a}", &from.label)
        .replace("{b}", &to.label);
    let numbers = Table::new(id, title.clone(), columns).rows(rows).short();
    let numbers = numbers.origin(ask.place.origin());
    fall(ask, title, &first, &steps, &last, numbers)
}

/// A waterfall with its numbers.
pub(super) fn fall(
    ask: &Ask,
    title: String,
    first: &Step,
    steps: &[Step],
    last: &Step,
    numbers: Table,
) -> Figure {
    let parts = steps.iter().map(|step| format!("{} {}", step.label, step.amount));
    let parts = parts.collect::<Vec<_>>().join(", ");
    let description =
        format!("{} {}; {parts}; {} {}", first.label, first.amount, last.label, last.amount);
    let cut = ask.say("Axeln börjar inte vid noll utan vid", "The axis begins not at zero but at");
    let svg = waterfall(&title, &description, first, steps, last, cut);
    Figure { title, description, svg, numbers: Some(numbers) }
}
