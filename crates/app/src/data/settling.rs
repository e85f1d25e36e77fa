//! Settling: preview and booking from the same call, and what was posted read back from line files.

use super::DataFolder;
use super::compared::compare;
use super::deeds::owed;
use super::financed::rates;
use crate::engine;
use crate::failure::Failure;
use bulk::lines::{LineColumns, LineRow, TextColumn, read_lines, write_lines};
use kernel::contact::Reports;
use kernel::finding::{Code, Finding};
use kernel::journal::{Deed, DeedKind};
use kernel::ledger::{self, Entry, Traced};
use kernel::money::Money;
use kernel::price::{Marks, Pricer, Reason, Total};
use kernel::register::Register;
use kernel::settle::{
    Basis, Cause, Names, NetKey, Posted, SettleLine, Sum, SummaryKey, payable_total, summary,
};
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::files::{self, Shelf};
use store::{Brings, NewSettlement, Origin, Settlement, StoreError};

/// What stands posted of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedLine {
    /// Unit, or another recipient.
    pub unit: String,
    /// Element.
    pub element: String,
    /// Month of care.
    pub care_month: Month,
    /// False for a shadow amount.
    pub payable: bool,
    /// Amount.
    pub amount: Money,
}

/// A settlement that is not booked.
#[derive(Debug)]
pub struct Preview {
    /// What it rests on.
    pub basis: Basis,
    /// SHA-256 of its lines as they would be kept.
    pub hash: String,
    /// The lines.
    pub lines: Vec<SettleLine>,
    /// Sum of the payable lines.
    pub total: Money,
    /// Contacts in force without a price.
    pub unpriced: BTreeMap<Reason, i64>,
    /// Rejected rows.
    pub rejected: BTreeMap<Code, i64>,
    /// Contacts in force.
    pub contacts: usize,
    /// Shares paid beyond their part.
    pub findings: Vec<Finding>,
    entries: Vec<Entry>,
    bytes: Vec<u8>,
    last_deed: i64,
}

impl DataFolder {
    /// What settling `month` on a day would pay and correct. `on` defaults to the third working day of
    /// the month after.
    pub fn preview(&mut self, month: Month, on: Option<Day>) -> Result<Preview, Failure> {
        refuse_far_ahead(month)?;
        let on = on.unwrap_or_else(|| month.settlement_day());
        refuse_empty(&self.register)?;
        refuse_far_ahead(on.month())?;
        let basis = Basis {
            month,
            through: month.last_day(),
            on,
            revision: self.register.as_of(on),
            cutoff: month.reporting_deadline(),
            batches: u32::try_from(self.batches.len()).unwrap_or(u32::MAX),
        };
        let previous = self.settlements.last().map(basis_of);
        refuse_backwards(&basis, previous.as_ref())?;
        self.reports()?;
        self.load_posted()?;
        let (origin, last_deed) = (self.origin(), self.done.last());
        let Self { register, intake: Some(intake), posted: Some(posted), .. } = self else {
            return Err(Failure::refused("inget är läst", "nothing is loaded"));
        };
        let reports = &intake.reports;
        let posted = Arc::make_mut(posted);
        let result = compare(register, reports, posted, previous.as_ref(), &basis)?;
        let names = posted.names();
        let columns = columns(&result.lines, names, reports, origin);
        let bytes = write_lines(&columns)?;
        Ok(Preview {
            basis,
            hash: files::sha256(&bytes),
            total: payable_total(&result.lines),
            entries: entries(register, &basis, &result.lines, names),
            lines: result.lines,
            unpriced: result.unpriced,
            rejected: result.rejected,
            contacts: result.contacts,
            findings: result.findings,
            bytes,
            last_deed,
        })
    }

    /// Puts a preview down to be attested; gives the id of the draft.
    pub fn draft(&mut self, preview: &Preview, by: &str, on: Day) -> Result<String, Failure> {
        let number = self.drafts.len() + 1;
        let id = format!("u-{}-{number}", preview.basis.month);
        files::put(&self.folder, Shelf::Lines, &preview.bytes, Some(&preview.hash))?;
        let draft = self.new_settlement(id.clone(), preview);
        let deed = deed(DeedKind::Draft, &id, by, on, preview);
        let seq = self.keep_deed(deed, &[], Brings::Draft(&draft))?;
        self.drafts.push(Settlement { seq, booked: draft });
        Ok(id)
    }

    /// Books a preview, whole or not at all, as the attested draft of its month where there is one. A month that is settled already and
    /// has nothing new gives no settlement.
    pub fn book(&mut self, preview: &Preview, by: &str) -> Result<Option<Settlement>, Failure> {
        let is_open = self.done.journal.open_month(Some(preview.basis.month));
        is_open.map_err(|why| Failure::refused(why.sv, why.en))?;
        let is_settled =
            self.settlements.last().is_some_and(|last| last.booked.month == preview.basis.month);
        if is_settled && preview.lines.is_empty() {
            return Ok(None);
        }
        if self.done.last() != preview.last_deed {
            let (expected, found) = (preview.last_deed, self.done.last());
            return Err(StoreError::Stale { expected, found }.into());
        }
        let id = format!("a-{}-{}", preview.basis.month, self.ever_booked + 1);
        let attested = self.attested_draft(preview.basis.month);
        let note = attested.map_or_else(String::new, |draft| draft.booked.id.clone());
        let on = self.counts_from(preview.basis.month, preview.basis.on);
        let deed = deed(DeedKind::Book, &id, by, on, preview);
        let deed = Deed { note, rows: owed(&id, &preview.entries), ..deed };
        files::put(&self.folder, Shelf::Lines, &preview.bytes, Some(&preview.hash))?;
        let new = self.new_settlement(id, preview);
        self.keep_deed(deed, &preview.entries, Brings::Settlement(&new))?;
        if let Some(posted) = &mut self.posted {
            Arc::make_mut(posted).post(&preview.lines);
        }
        self.ever_booked += 1;
        let seq = i64::try_from(self.ever_booked).unwrap_or(i64::MAX);
        let settlement = Settlement { seq, booked: new };
        self.settlements.push(settlement.clone());
        Ok(Some(settlement))
    }

    /// Takes the last settlement back, whole.
    pub fn undo(&mut self, id: &str, by: &str, reason: &str, on: Day) -> Result<i64, Failure> {
        let settlement = self.settlements.iter().find(|one| one.booked.id == id);
        let seq = self.act(Deed {
            kind: DeedKind::Undo,
            subject: id.to_owned(),
            by: by.to_owned(),
            on,
            due: None,
            note: reason.to_owned(),
            month: settlement.map(|one| one.booked.month),
            rows: Vec::new(),
        })?;
        self.settlements.retain(|one| one.booked.id != id);
        self.posted = None;
        Ok(seq)
    }

    /// The last attested draft of a month that is not booked.
    pub fn attested_draft(&self, month: Month) -> Option<&Settlement> {
        let waits = |draft: &&Settlement| {
            let state = self.done.journal.drafts.get(&draft.booked.id);
            let is_ready = |state: &kernel::journal::Draft| {
                state.attested_by.is_some() && state.booked_as.is_none()
            };
            draft.booked.month == month && state.is_some_and(is_ready)
        };
        self.drafts.iter().rev().find(waits)
    }

    /// Drafts in the order they were made.
    pub fn drafts(&self) -> &[Settlement] {
        &self.drafts
    }

    fn new_settlement(&self, id: String, preview: &Preview) -> NewSettlement {
        let basis = &preview.basis;
        NewSettlement {
            id,
            month: basis.month,
            settled_on: basis.on,
            revision: i64::from(basis.revision),
            batches: i64::from(basis.batches),
            cutoff: basis.cutoff,
            through: basis.through,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            lines_hash: preview.hash.clone(),
            origin: self.origin(),
            total: preview.total,
            lines: i64::try_from(preview.lines.len()).unwrap_or(i64::MAX),
        }
    }

    /// Lines added up as they are shown.
    pub fn summary<'p>(&'p self, lines: &[SettleLine]) -> BTreeMap<SummaryKey<'p>, Sum> {
        self.posted.as_ref().map_or_else(BTreeMap::new, |posted| summary(lines, posted.names()))
    }

    /// The marks of every element, by all that is recorded.
    pub fn element_marks(&self) -> BTreeMap<String, Marks> {
        let pricer = Pricer::new(self.register.view(u32::MAX));
        pricer.element_marks().into_iter().map(|(name, marks)| (name.to_owned(), marks)).collect()
    }

    /// The names that lines refer to, once something has been settled or previewed.
    pub fn names(&self) -> Option<&Names> {
        self.posted.as_ref().map(|posted| posted.names())
    }

    /// What stands posted of a contact, by its number among the reports; none where settlements have not been read.
    pub fn posted_of(&self, contact: u32) -> Option<Vec<PostedLine>> {
        let posted = self.posted.as_ref()?;
        let names = posted.names();
        let line = |line: &kernel::settle::NetLine| PostedLine {
            unit: names.text(line.key.unit).to_owned(),
            element: names.text(line.key.element).to_owned(),
            care_month: line.key.month,
            payable: line.key.payable,
            amount: line.amount,
        };
        Some(posted.lines_of(posted.of_contact(contact)).iter().map(line).collect())
    }

    pub(super) fn load_posted(&mut self) -> Result<(), Failure> {
        if self.posted.is_some() {
            return Ok(());
        }
        self.posted = Some(Arc::default());
        let posted = self.post_from(0);
        if posted.is_err() {
            self.posted = None;
        }
        posted
    }

    /// Posts the settlements from a number on, from 0.
    pub(super) fn post_from(&mut self, first: usize) -> Result<(), Failure> {
        let Self { folder, settlements, posted: Some(posted), .. } = self else { return Ok(()) };
        let posted = Arc::make_mut(posted);
        let settlements = settlements.get(first..).unwrap_or(&[]);
        let reports = self.intake.as_ref().map(|intake| &intake.reports);
        let damaged = |number: usize| {
            let settlement = settlements.get(number);
            let id = settlement.map_or("", |settlement| settlement.booked.id.as_str());
            Failure::refused(
                format!("raderna i avräkning `{id}` passar inte ihop med leveranserna"),
                format!("the lines of settlement `{id}` do not fit the batches"),
            )
        };
        let read = |number: usize| match settlements.get(number) {
            Some(settlement) => lines_of_file(folder, settlement),
            None => Err(damaged(number)),
        };
        engine::in_order(settlements.len(), read, |number, columns| {
            let lines = settle_lines(&columns, posted, reports);
            posted.post(&lines.ok_or_else(|| damaged(number))?);
            Ok(())
        })
    }

    /// The lines of a booked settlement, from their file.
    pub fn booked_lines(&self, settlement: &Settlement) -> Result<LineColumns, Failure> {
        lines_of_file(&self.folder, settlement)
    }
}

fn deed(kind: DeedKind, subject: &str, by: &str, on: Day, preview: &Preview) -> Deed {
    Deed {
        kind,
        subject: subject.to_owned(),
        by: by.to_owned(),
        on,
        due: None,
        note: String::new(),
        month: Some(preview.basis.month),
        rows: Vec::new(),
    }
}

/// The lines of a booked settlement, from their file in a data folder.
pub(super) fn lines_of_file(
    folder: &std::path::Path,
    settlement: &Settlement,
) -> Result<LineColumns, Failure> {
    let bytes = files::get(folder, Shelf::Lines, &settlement.booked.lines_hash)?;
    Ok(read_lines(&bytes)?)
}

pub(super) fn basis_of(settlement: &Settlement) -> Basis {
    let booked = &settlement.booked;
    let narrow = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    Basis {
        month: booked.month,
        through: booked.through,
        on: booked.settled_on,
        revision: narrow(booked.revision),
        cutoff: booked.cutoff,
        batches: narrow(booked.batches),
    }
}

/// How far ahead of today a month, a day of settlement or the day of any other deed may be: far enough to try a decision that is to
/// come, near enough that a slip of the finger in the year closes no books.
const MONTHS_AHEAD: i32 = 24;

pub(super) fn refuse_far_ahead(month: Month) -> Result<(), Failure> {
    if month <= engine::today().month().plus(MONTHS_AHEAD) {
        return Ok(());
    }
    Err(Failure::refused(
        format!("{month} ligger mer än {MONTHS_AHEAD} månader fram; kontrollera året"),
        format!("{month} is more than {MONTHS_AHEAD} months ahead; check the year"),
    ))
}

/// A settlement closes its month, so one that nothing was decided for is a slip.
fn refuse_empty(register: &Register) -> Result<(), Failure> {
    if !register.log().is_empty() {
        return Ok(());
    }
    Err(Failure::refused(
        "inga beslut är registrerade, så det finns inget att avräkna efter; läs in dem med `register load`",
        "no decisions are recorded, so there is nothing to settle by; load them with `register load`",
    ))
}

fn refuse_backwards(basis: &Basis, previous: Option<&Basis>) -> Result<(), Failure> {
    let Some(previous) = previous else { return Ok(()) };
    if basis.month < previous.month {
        return Err(Failure::refused(
            format!(
                "{} ligger före den senast avräknade månaden {}; det som ändrats sedan dess rättas i den eller en senare månad",
                basis.month, previous.month
            ),
            format!(
                "{} comes before {}, the last month settled; what has changed since is corrected in that or a later month",
                basis.month, previous.month
            ),
        ));
    }
    if basis.on < previous.on {
        return Err(Failure::refused(
            format!("den senaste avräkningen gjordes {}; --on kan inte vara tidigare", previous.on),
            format!("the last settlement was made on {}; --on cannot be earlier", previous.on),
        ));
    }
    Ok(())
}

/// The entries of a settlement's lines.
pub(super) fn entries(
    register: &Register,
    basis: &Basis,
    lines: &[SettleLine],
    names: &Names,
) -> Vec<Entry> {
    let view = register.view(basis.revision);
    let legal_form = |payee: &str| {
        let provider = view.providers.iter().find(|(id, _)| id.as_str() == payee);
        provider.map(|(_, provider)| provider.fact.legal_form)
    };
    let sources = sources(register);
    let traced = |rate: &str| sources.get(rate).cloned().unwrap_or_default();
    ledger::entries(lines, names, traced, legal_form)
}

/// Where every rate comes from, by all that is recorded: a rate is stated once.
fn sources(register: &Register) -> HashMap<&str, Traced> {
    let traced = rates(register).map(|(decision, rate)| {
        let financing = rate.financed_by.clone().unwrap_or_default();
        (rate.id.as_str(), Traced { decision: decision.id.to_string(), financing })
    });
    traced.collect()
}

pub(super) fn columns(
    lines: &[SettleLine],
    names: &Names,
    reports: &Reports,
    origin: Origin,
) -> LineColumns {
    let mut columns = LineColumns::new(origin.name());
    for line in lines {
        columns.push(&LineRow {
            contact_id: line.contact.map(|contact| reports.contact_ids.get(contact)),
            unit: names.text(line.key.unit),
            care_month: line.key.month,
            element: names.text(line.key.element),
            payee: names.text(line.key.payee),
            payer: names.text(line.key.payer),
            payable: line.key.payable,
            rate: names.text(line.rate),
            cause: line.cause.name(),
            count: line.total.count,
            amount: line.total.amount,
        });
    }
    columns
}

/// Booked lines in the numbers of `posted` and `reports`; `None` where they do not fit.
pub(super) fn settle_lines(
    columns: &LineColumns,
    posted: &mut Posted,
    reports: Option<&Reports>,
) -> Option<Vec<SettleLine>> {
    let mut names = |column: &TextColumn| -> Vec<u32> {
        column.texts.values().iter().map(|text| posted.name(text)).collect()
    };
    let [units, payees, elements, payers, rates] = [
        names(&columns.unit),
        names(&columns.payee),
        names(&columns.element),
        names(&columns.payer),
        names(&columns.rate),
    ];
    let causes: Vec<Option<Cause>> =
        columns.cause.texts.values().iter().map(|text| Cause::parse(text)).collect();
    let name = |names: &[u32], column: &TextColumn, row: usize| {
        names.get(*column.numbers.get(row)? as usize).copied()
    };
    // The lines of a contact follow one another.
    let mut last: Option<(&str, u32)> = None;
    let line = |row: usize| {
        let contact = match (columns.contact_id.get(row), last) {
            (Some(id), Some((same, number))) if id == same => Some(number),
            (Some(id), _) => {
                let number = reports?.contact_ids.find(id)?;
                last = Some((id, number));
                Some(number)
            }
            (None, _) => None,
        };
        let key = NetKey {
            month: Month::from_number(*columns.care_month.get(row)?),
            unit: name(&units, &columns.unit, row)?,
            payee: name(&payees, &columns.payee, row)?,
            element: name(&elements, &columns.element, row)?,
            payer: name(&payers, &columns.payer, row)?,
            payable: *columns.payable.get(row)?,
        };
        Some(SettleLine {
            contact,
            key,
            rate: name(&rates, &columns.rate, row)?,
            cause: (*causes.get(*columns.cause.numbers.get(row)? as usize)?)?,
            total: Total {
                count: *columns.count.get(row)?,
                amount: Money::from_ore(*columns.amount_ore.get(row)?),
            },
        })
    };
    (0..columns.len()).map(line).collect()
}
