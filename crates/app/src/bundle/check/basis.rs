//! What a receipt rests on: the register of its decisions, and days that fit each other.

use super::super::archive::{MANIFEST, Members};
use super::super::manifest::{BasisJson, FORM, Manifest};
use super::{Fault, text_of};
use crate::ratebook;
use kernel::register::Register;
use kernel::time::{Day, Month};
use std::sync::Arc;

/// The register of the decisions, in their order.
pub(super) fn register(
    members: &Members,
    manifest: &Manifest,
    faults: &mut Vec<Fault>,
) -> Register {
    let mut register = Register::default();
    for decided in &manifest.decisions {
        let text = text_of(members, &decided.file, faults);
        let (decision, findings) = ratebook::read_text(&decided.file, &text);
        for finding in findings.into_iter().filter(|finding| finding.refuses) {
            faults.push(Fault {
                file: finding.file,
                line: finding.line.into(),
                sv: finding.message.sv,
                en: finding.message.en,
            });
        }
        let recorded_on = Day::parse(&decided.recorded_on);
        match (decision, recorded_on) {
            (Some(decision), Some(day)) if decision.id.as_str() == decided.id => {
                register.record(day, Arc::new(decision));
            }
            _ => faults.push(Fault::not_so(MANIFEST, &decided.id)),
        }
    }
    register
}

/// What the manifest says fits together.
pub(super) fn check(manifest: &Manifest, register: &Register, faults: &mut Vec<Fault>) {
    let mut refuse = |what: &str| faults.push(Fault::not_so(MANIFEST, what));
    let log = register.log();
    let numbered = (1..).zip(&manifest.decisions).all(|(number, one)| one.revision == number);
    let last = manifest.settlements.last().map_or(0, |last| last.basis.revision);
    if !numbered || usize::try_from(last) != Ok(log.len()) {
        refuse("revision");
    }
    if !log.is_sorted_by_key(|recorded| recorded.recorded_on) {
        refuse("recorded_on");
    }
    if manifest.form != FORM || manifest.mark.is_some() != (manifest.origin == "synthetic") {
        refuse("mark");
    }
    let month = Month::parse(&manifest.month);
    let bases = manifest.settlements.iter().map(|settled| (&settled.basis, settled.id.as_str()));
    let mut before: Option<&BasisJson> = None;
    for (basis, id) in manifest.previous.iter().map(|one| (one, "previous")).chain(bases) {
        let Some(read) = basis.basis() else {
            refuse(id);
            continue;
        };
        // A register of the day of settlement has no decision that was entered later.
        let known = log.get(..usize::try_from(read.revision).unwrap_or(0));
        let is_known =
            known.is_some_and(|known| known.iter().all(|one| one.recorded_on <= read.on));
        let is_of_month = id == "previous" || Some(read.month) == month;
        let is_later = before.is_none_or(|before| {
            before.contact_files < basis.contact_files && before.revision <= basis.revision
        });
        if !is_known || !is_of_month || !is_later || read.through != read.month.last_day() {
            refuse(id);
        }
        before = Some(basis);
    }
    let files = before.map_or(0, |last| last.contact_files);
    if usize::try_from(files) != Ok(manifest.contacts.len()) {
        refuse("contacts");
    }
}
