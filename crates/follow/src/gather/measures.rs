//! Measures by birth: those of the delivery and of every contact of its pregnancy.

use super::{Seen, Sources, length};
use crate::care::Care;
use crate::chain::Phase;
use crate::inputs::Measure;
use kernel::intern::{FastMap, Texts};
use std::ops::Range;

/// All measures, by contact.
pub(super) struct Measures<'a> {
    /// Sorted by contact, a number of the reports; the order of a contact's own measures is kept.
    rows: Vec<(u32, &'a Measure)>,
    names: Texts,
    numbers: FastMap<u32, u32>,
    of_inputs: &'a Texts,
}

impl<'a> Measures<'a> {
    pub(super) fn new(sources: &Sources<'a>) -> Self {
        let texts = &sources.inputs.texts;
        let known = |measure: &'a Measure| {
            let id = texts.get(measure.contact);
            Some((sources.reports.contact_ids.find(id)?, measure))
        };
        let mut rows: Vec<_> = sources.inputs.measures.iter().filter_map(known).collect();
        rows.sort_by_key(|(contact, _)| *contact);
        let (names, numbers) = (Texts::default(), FastMap::default());
        Self { rows, names, numbers, of_inputs: texts }
    }

    /// Adds the measures of a birth's contacts, the earlier contact first.
    pub(super) fn of(&mut self, seen: &Seen<'_>, all: &mut Vec<(u32, f64)>) -> Range<u32> {
        let first = length(all);
        if !self.rows.is_empty() {
            for phase in [Phase::Antenatal, Phase::Birth, Phase::Postnatal] {
                for care in seen.contacts(phase) {
                    self.add(care, all);
                }
            }
        }
        first..length(all)
    }

    fn add(&mut self, care: &Care, all: &mut Vec<(u32, f64)>) {
        let from = self.rows.partition_point(|(contact, _)| *contact < care.contact);
        let own = self.rows.get(from..).unwrap_or(&[]).iter();
        for (_, measure) in own.take_while(|(contact, _)| *contact == care.contact) {
            let (names, texts) = (&mut self.names, self.of_inputs);
            let name = self.numbers.entry(measure.name);
            let name = *name.or_insert_with(|| names.text(texts.get(measure.name)));
            all.push((name, measure.value));
        }
    }

    /// The number of a name that occurs.
    pub(super) fn name(&self, name: &str) -> Option<u32> {
        self.names.find(name)
    }

    pub(super) fn into_names(self) -> Texts {
        self.names
    }
}
