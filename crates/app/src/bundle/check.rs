//! The check of a receipt from itself alone: hashes, form and order, and every line computed again.
//!
//! Owns: what is compared with what. Does not own: what is right (`kernel::settle`, through `data::compared`).

mod basis;
mod fault;

pub use fault::Fault;

use super::archive::{self, LINES, MANIFEST, Members, POSTED, SEAL, UNPRICED, UNPRICED_HEADS};
use super::manifest::{Manifest, Marked, Outcome, Step};
use super::standing::standing;
use super::{Line, contacts, line};
use crate::data::compared::{GivenSteps, compare_given};
use crate::failure::Failure;
use kernel::contact::Reports;
use kernel::intake::Intake;
use kernel::intern::Texts;
use kernel::money::Money;
use kernel::price::{Pricer, Total};
use kernel::register::Register;
use kernel::settle::{Basis, Posted, SettleLine};
use std::collections::{BTreeMap, BTreeSet};
use store::files::sha256;

/// The origin of made-up contacts.
const SYNTHETIC: &str = "synthetic";

/// What a line is known by. Cause and rate are blank for a contact that somebody else reported too: they rest on reports
/// that are not here.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Settlement.
    pub settlement: String,
    /// Contact; blank for a line of a unit formula.
    pub contact_id: String,
    /// Element.
    pub element: String,
    /// Month of care.
    pub care_month: String,
    /// Unit.
    pub unit: String,
    /// Who is paid.
    pub payee: String,
    /// Who pays.
    pub payer: String,
    /// Whether it is paid.
    pub payable: bool,
    /// Why.
    pub cause: String,
    /// Rate.
    pub rate: String,
}

/// A line that is not what it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What the receipt says, on which lines of `lines.csv`.
    pub stated: Option<Total>,
    /// What is right.
    pub computed: Option<Total>,
    /// Where it stands.
    pub lines: Vec<u64>,
}

/// What the check found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The hash of the manifest, which stands for the whole receipt.
    pub seal: String,
    /// What is wrong with files, rows and what the manifest says.
    pub faults: Vec<Fault>,
    /// Lines that differ.
    pub differences: BTreeMap<Key, Difference>,
    /// How many lines were computed again.
    pub lines: usize,
    /// How many contacts.
    pub contacts: usize,
}

impl Checked {
    /// Whether nothing was found.
    pub fn is_accepted(&self) -> bool {
        self.faults.is_empty() && self.differences.is_empty()
    }
}

/// Checks the files of a receipt; `faults` are those of unpacking it.
pub fn check(members: &Members, manifest: &Manifest, faults: Vec<Fault>) -> Checked {
    let mut checked = Checked { faults, ..Checked::default() };
    checked.seal = hashes(members, manifest, &mut checked.faults);
    let receipt = Receipt::read(members, manifest, &mut checked.faults);
    receipt.check_form(&mut checked.faults);
    checked.lines = receipt.lines.len();
    checked.contacts = receipt.reports().contacts() as usize;
    if let Err(failure) = receipt.compute(&mut checked) {
        checked.faults.extend(Fault::of_failure(failure));
    }
    checked.faults.sort();
    checked.faults.dedup();
    checked
}

/// Every file is the one that was listed; gives the hash of the manifest.
fn hashes(members: &Members, manifest: &Manifest, faults: &mut Vec<Fault>) -> String {
    for member in &manifest.members {
        match members.get(&member.file) {
            None => faults.push(Fault::missing(&member.file)),
            Some(bytes) if sha256(bytes) != member.sha256 => {
                faults.push(Fault::changed(&member.file));
            }
            Some(_) => {}
        }
    }
    let listed: BTreeSet<&str> = manifest.members.iter().map(|m| m.file.as_str()).collect();
    let own = |name: &str| name == MANIFEST || name == SEAL;
    let extra = members.keys().filter(|name| !own(name) && !listed.contains(name.as_str()));
    faults.extend(extra.map(|name| Fault::unlisted(name)));
    let seal = members.get(MANIFEST).map(|bytes| sha256(bytes)).unwrap_or_default();
    let said = members.get(SEAL).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    match said {
        None => faults.push(Fault::missing(SEAL)),
        Some(said) if said != format!("{seal}  {MANIFEST}\n") => {
            faults.push(Fault::changed(MANIFEST));
        }
        Some(_) => {}
    }
    seal
}

/// A receipt as read.
struct Receipt<'m> {
    members: &'m Members,
    manifest: &'m Manifest,
    register: Register,
    intake: Intake,
    persons: Texts,
    posted: Vec<(u64, Line)>,
    lines: Vec<(u64, Line)>,
    unpriced: BTreeMap<String, (u64, String)>,
}

impl<'m> Receipt<'m> {
    fn read(members: &'m Members, manifest: &'m Manifest, faults: &mut Vec<Fault>) -> Self {
        let mut texts = |name: &str| text_of(members, name, faults);
        let (posted, lines, unpriced) = (texts(POSTED), texts(LINES), texts(UNPRICED));
        let (mut intake, mut persons) = (Intake::default(), Texts::default());
        for (number, file) in (0_u32..).zip(&manifest.contacts) {
            let text = text_of(members, file, faults);
            let mut person = |name: &str| persons.text(name);
            contacts::read(file, &text, number, &mut intake, &mut person, faults);
        }
        let mut reasons = BTreeMap::new();
        for (at, row) in archive::csv_rows(UNPRICED, &unpriced, &UNPRICED_HEADS, faults) {
            let field = |at: usize| row.get(at).unwrap_or("").to_owned();
            if reasons.insert(field(0), (at, field(1))).is_some() {
                faults.push(Fault::out_of_order(UNPRICED, at));
            }
        }
        Self {
            members,
            manifest,
            register: basis::register(members, manifest, faults),
            intake,
            persons,
            posted: line::read(POSTED, &posted, faults),
            lines: line::read(LINES, &lines, faults),
            unpriced: reasons,
        }
    }

    const fn reports(&self) -> &Reports {
        &self.intake.reports
    }

    /// What can be said without computing: rows in their order and none twice, sums, days that fit each other.
    fn check_form(&self, faults: &mut Vec<Fault>) {
        basis::check(self.manifest, &self.register, faults);
        let settlements: Vec<&str> =
            self.manifest.settlements.iter().map(|one| one.id.as_str()).collect();
        let earlier: Vec<&str> = self.manifest.earlier.iter().map(String::as_str).collect();
        check_order(LINES, &self.lines, &settlements, faults);
        check_order(POSTED, &self.posted, &earlier, faults);
        let named: BTreeSet<&str> =
            self.posted.iter().map(|(_, l)| l.settlement.as_str()).collect();
        if named.len() != earlier.len() {
            faults.push(Fault::not_so(MANIFEST, "earlier"));
        }
        let of_others = |line: &Line| line.unit != self.manifest.unit && line.contact_id.is_some();
        let foreign = self.posted.iter().filter(|(_, line)| of_others(line));
        faults.extend(foreign.map(|(at, _)| Fault::unreadable(POSTED, *at)));
        if !self.manifest.given.is_sorted_by(|a, b| a < b) {
            faults.push(Fault::not_so(MANIFEST, "given"));
        }
        for settled in &self.manifest.settlements {
            let own = || self.lines.iter().filter(|(_, line)| line.settlement == settled.id);
            let sum = |payable| -> Money {
                let those = own().filter(|(_, line)| line.payable == payable);
                those.map(|(_, line)| line.total.amount).sum()
            };
            let said = (settled.lines, settled.total_ore, settled.shadow_ore);
            if said != (own().count(), sum(true).ore(), sum(false).ore()) {
                faults.push(Fault::not_so(MANIFEST, &settled.id));
            }
        }
        self.check_contacts(faults);
        self.check_mark(faults);
    }

    /// Made-up contacts say so in their ids, and their files in their names; a receipt of them that bears no mark had one taken off.
    fn check_mark(&self, faults: &mut Vec<Fault>) {
        if self.manifest.origin == SYNTHETIC {
            return;
        }
        let ids = (0..self.reports().contacts()).map(|id| self.reports().contact_ids.get(id));
        let of_lines = self.lines.iter().chain(&self.posted);
        let mut ids = ids.chain(of_lines.filter_map(|(_, line)| line.contact_id.as_deref()));
        let is_marked = |name: &String| name.contains("SYNTETISK");
        if ids.any(|id| id.starts_with(crate::generate::CONTACT))
            || self.members.keys().any(is_marked)
        {
            faults.push(Fault::not_so(MANIFEST, "mark"));
        }
    }

    /// The contact files are as a receipt writes them: in order, nothing twice, every field in its normal form.
    fn check_contacts(&self, faults: &mut Vec<Fault>) {
        for (number, file) in (0_u32..).zip(&self.manifest.contacts) {
            let reports = self.reports();
            let rows: Vec<_> = reports.rows().iter().filter(|row| row.batch == number).collect();
            let written = contacts::contact_csv(reports, &rows, &|person| self.persons.get(person));
            let stated = text_of(self.members, file, faults);
            let differing =
                (1..).zip(written.lines().zip(stated.lines())).find(|(_, (a, b))| a != b);
            let shorter = written.lines().count().min(stated.lines().count());
            let end = u64::try_from(shorter + 1).unwrap_or(u64::MAX);
            if written != stated {
                faults.push(Fault::out_of_order(file, differing.map_or(end, |(at, _)| at)));
            }
        }
    }

    /// Computes every line again, settlement by settlement, and the reasons of what has no price.
    fn compute(&self, checked: &mut Checked) -> Result<(), Failure> {
        let (manifest, reports) = (self.manifest, self.reports());
        let mut posted = Posted::default();
        let earlier = self.settle_lines(&mut posted, &mut checked.faults);
        posted.post(&earlier);
        let mut previous = manifest.previous.as_ref().and_then(|previous| previous.basis());
        let moved = self.moved();
        let key = |line: &Line| {
            let is_moved = line.contact_id.as_ref().is_some_and(|id| moved.contains(id.as_str()));
            key_of(line, is_moved)
        };
        for (at, line) in &self.lines {
            let found = checked.differences.entry(key(line)).or_default();
            add(&mut found.stated, line.total);
            found.lines.push(*at);
        }
        for settled in &manifest.settlements {
            let Some(basis) = settled.basis.basis() else { continue };
            let given = self.given(&settled.id, &mut checked.faults);
            let previous_basis = previous.as_ref();
            let found = compare_given(
                &self.register,
                reports,
                &mut posted,
                previous_basis,
                &basis,
                &given,
            )?;
            let is_own = |line: &&SettleLine| posted.names().text(line.key.unit) == manifest.unit;
            for line in found.lines.iter().filter(is_own) {
                let line = Line::of(&settled.id, line, posted.names(), reports);
                add(&mut checked.differences.entry(key(&line)).or_default().computed, line.total);
            }
            let kept = self.kept(&found.lines, &posted);
            posted.post(&kept);
            previous = Some(basis);
        }
        checked.differences.retain(|_, found| {
            let nothing = |total: Option<Total>| total.filter(|total| *total != Total::default());
            nothing(found.stated) != nothing(found.computed)
        });
        let last = manifest.settlements.last();
        if let Some((settled, basis)) = last.and_then(|one| Some((one, one.basis.basis()?))) {
            let given = self.given(&settled.id, &mut checked.faults);
            self.check_unpriced(&basis, &given, &mut checked.faults)?;
            self.check_marks(&basis, &mut checked.faults);
        }
        Ok(())
    }

    /// Earlier lines in the numbers of `posted`; one of a contact without reports is a fault.
    fn settle_lines(&self, posted: &mut Posted, faults: &mut Vec<Fault>) -> Vec<SettleLine> {
        let mut lines = Vec::with_capacity(self.posted.len());
        for (at, line) in &self.posted {
            match line.settle_line(posted, self.reports()) {
                Some(line) => lines.push(line),
                None => faults.push(Fault::without_report(POSTED, *at)),
            }
        }
        lines
    }

    /// Of computed lines those that later settlements of the month see as posted: the unit's, and those of shares whose
    /// earlier instalments are here.
    fn kept(&self, lines: &[SettleLine], posted: &Posted) -> Vec<SettleLine> {
        let own = self.manifest.unit.as_str();
        let others = self.posted.iter().filter(|(_, line)| line.unit != own);
        let shares: BTreeSet<&str> = others.map(|(_, line)| line.rate.as_str()).collect();
        let names = posted.names();
        let is_kept = |line: &&SettleLine| {
            names.text(line.key.unit) == own || shares.contains(names.text(line.rate))
        };
        lines.iter().filter(is_kept).copied().collect()
    }

    /// Contacts that somebody else reported too.
    fn moved(&self) -> BTreeSet<&str> {
        let is_moved = |outcome| matches!(outcome, Outcome::Elsewhere | Outcome::ReportedElsewhere);
        let given = self.manifest.given.iter().filter(|one| is_moved(one.outcome));
        given.map(|one| one.contact_id.as_str()).collect()
    }

    fn given(&self, settlement: &str, faults: &mut Vec<Fault>) -> GivenSteps {
        let mut steps = GivenSteps::default();
        for fact in self.manifest.given.iter().filter(|fact| fact.settlement == settlement) {
            let Some(contact) = self.reports().contact_ids.find(fact.contact_id.as_str()) else {
                faults.push(Fault::not_so(MANIFEST, &fact.contact_id));
                continue;
            };
            let [reports, agreement, now] = &mut steps;
            let given = match fact.under {
                Step::Reports => reports,
                Step::Agreement => agreement,
                Step::Now => now,
            };
            match fact.outcome {
                Outcome::IncludedInPeriod => given.periods.insert(contact, true).is_some(),
                Outcome::TakesPeriod => given.periods.insert(contact, false).is_some(),
                Outcome::Elsewhere => !given.elsewhere.insert(contact),
                Outcome::ReportedElsewhere => {
                    given.lag_months.insert(contact, fact.months.unwrap_or(0)).is_some()
                }
            };
        }
        steps
    }

    fn check_unpriced(
        &self,
        basis: &Basis,
        [.., given]: &GivenSteps,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Failure> {
        let view = || self.register.view(basis.revision);
        let standing = standing([view(), view()], self.reports(), basis, given)?;
        let own = standing.iter().filter(|(_, seen)| seen.unit == self.manifest.unit);
        let right: BTreeMap<&str, &str> =
            own.filter_map(|(id, seen)| Some((id.as_str(), seen.unpriced?.name()))).collect();
        for (id, (at, reason)) in &self.unpriced {
            if right.get(id.as_str()) != Some(&reason.as_str()) {
                faults.push(Fault::unpriced(
                    *at,
                    id,
                    Some(reason),
                    right.get(id.as_str()).copied(),
                ));
            }
        }
        let missing = right.iter().filter(|(id, _)| !self.unpriced.contains_key(**id));
        faults.extend(missing.map(|(id, reason)| Fault::unpriced(0, id, None, Some(*reason))));
        if !self.unpriced.values().is_sorted_by_key(|(at, _)| at) {
            faults.push(Fault::out_of_order(UNPRICED, 0));
        }
        Ok(())
    }

    fn check_marks(&self, basis: &Basis, faults: &mut Vec<Fault>) {
        let elements = self.lines.iter().map(|(_, line)| line.element.as_str()).collect();
        if marks(&self.register, basis.revision, &elements) != self.manifest.elements {
            faults.push(Fault::not_so(MANIFEST, "elements"));
        }
    }
}

/// The marks of some elements as of a revision, in order of name.
pub(crate) fn marks(register: &Register, revision: u32, elements: &BTreeSet<&str>) -> Vec<Marked> {
    let pricer = Pricer::new(register.view(revision));
    let marks = pricer.element_marks();
    let marked = elements.iter().map(|element| {
        let marks = marks.get(element).copied().unwrap_or_default();
        let element = (*element).to_owned();
        Marked { element, illustrative: marks.illustrative, unverified: marks.unverified }
    });
    marked.collect()
}

fn text_of(members: &Members, name: &str, faults: &mut Vec<Fault>) -> String {
    match members.get(name).map(|bytes| String::from_utf8(bytes.clone())) {
        Some(Ok(text)) => text,
        Some(Err(_)) => {
            faults.push(Fault::unreadable(name, 0));
            String::new()
        }
        None => {
            faults.push(Fault::missing(name));
            String::new()
        }
    }
}

/// Rows stand in the order of the settlements, and within one in their own, none twice.
fn check_order(file: &str, lines: &[(u64, Line)], settlements: &[&str], faults: &mut Vec<Fault>) {
    let place = |line: &Line| settlements.iter().position(|id| *id == line.settlement);
    let unknown = lines.iter().filter(|(_, line)| place(line).is_none());
    faults.extend(unknown.map(|(at, _)| Fault::unreadable(file, *at)));
    let order = |line: &Line| place(line);
    for pair in lines.windows(2) {
        if let [(_, before), (at, after)] = pair
            && (order(before), before.place()) >= (order(after), after.place())
        {
            faults.push(Fault::out_of_order(file, *at));
        }
    }
}

fn key_of(line: &Line, is_moved: bool) -> Key {
    let unless_moved = |text: &str| if is_moved { String::new() } else { text.to_owned() };
    Key {
        settlement: line.settlement.clone(),
        contact_id: line.contact_id.clone().unwrap_or_default(),
        element: line.element.clone(),
        care_month: line.care_month.to_string(),
        unit: line.unit.clone(),
        payee: line.payee.clone(),
        payer: line.payer.clone(),
        payable: line.payable,
        cause: unless_moved(line.cause.name()),
        rate: unless_moved(&line.rate),
    }
}

fn add(sum: &mut Option<Total>, total: Total) {
    let sum = sum.get_or_insert_default();
    sum.count += total.count;
    sum.amount += total.amount;
}
