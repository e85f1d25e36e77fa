//! The names that people know units, elements, providers and sources of money by, beside their ids.

use crate::output::Cell;
use kernel::fact::Fact;
use kernel::register::Register;
use std::collections::BTreeMap;

/// Labels by id, by all that is recorded; the latest statement wins.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    units: BTreeMap<String, String>,
    /// What the labels of its rates have in common; blank where that is nothing.
    elements: BTreeMap<String, String>,
    rates: BTreeMap<String, String>,
    providers: BTreeMap<String, String>,
    payers: BTreeMap<String, String>,
    /// Grants, their headings and items, and budget frames.
    sources: BTreeMap<String, String>,
}

impl Labels {
    /// The labels of a register.
    pub fn new(register: &Register) -> Self {
        let view = register.view(u32::MAX);
        let mut labels = Self::default();
        for ((id, _), unit) in &view.units {
            labels.units.insert(id.to_string(), unit.fact.name.clone());
        }
        for rate in &view.rates {
            if let Some(label) = &rate.stated.label {
                labels.rates.insert(rate.fact.id.to_string(), label.clone());
                let known = labels.elements.entry(rate.fact.element.to_string());
                let known = known.or_insert_with(|| label.clone());
                if known != label {
                    *known = in_common(known, label);
                }
            }
        }
        for (id, provider) in &view.providers {
            labels.providers.insert(id.to_string(), provider.fact.name.clone());
        }
        for ((id, _), payer) in &view.payers {
            if let Some(label) = &payer.stated.label {
                labels.payers.insert(id.to_string(), label.clone());
            }
        }
        let stated = register.log().iter().flat_map(|recorded| &recorded.decision.facts);
        let sources = stated.filter_map(|one| Some((source(&one.fact)?, one.label.as_ref()?)));
        labels.sources = sources.map(|(id, label)| (id.to_owned(), label.clone())).collect();
        labels
    }

    /// A unit; for people with its name.
    pub fn unit(&self, id: &str) -> Cell {
        named(self.units.get(id).map(String::as_str), id)
    }

    /// An element; for people with the label of its rates, or what their labels begin with.
    pub fn element(&self, id: &str) -> Cell {
        named(self.elements.get(id).map(String::as_str), id)
    }

    /// An element of some rates; for people with the label that they have in common.
    pub fn element_of<'a>(&self, id: &str, rates: impl IntoIterator<Item = &'a str>) -> Cell {
        let mut labels: Vec<Option<&String>> =
            rates.into_iter().map(|rate| self.rates.get(rate)).collect();
        labels.dedup();
        match labels.as_slice() {
            [Some(label)] => named(Some(label), id),
            _ => self.element(id),
        }
    }

    /// Who pays; for people by name.
    pub fn payer(&self, id: &str) -> Cell {
        let name = self.payers.get(id).map(String::as_str).filter(|name| !name.is_empty());
        Cell::of(name.unwrap_or(id), id)
    }

    /// Who is paid; for people by name.
    pub fn payee(&self, id: &str) -> Cell {
        Cell::of(self.provider_name(id).unwrap_or(id), id)
    }

    /// Who gets a part of a grant: a unit, a provider or somebody else.
    pub fn recipient(&self, id: &str) -> Cell {
        let name = self.unit_name(id).or_else(|| self.provider_name(id));
        Cell::of(name.unwrap_or(id), id)
    }

    /// What finances something: a grant, a heading or item of one, a budget frame; for people with its label.
    pub fn source(&self, id: &str) -> Cell {
        named(self.sources.get(id).map(String::as_str), id)
    }

    /// The name of a unit, where one is stated.
    pub fn unit_name(&self, id: &str) -> Option<&str> {
        self.units.get(id).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The name of a provider, where one is stated.
    pub fn provider_name(&self, id: &str) -> Option<&str> {
        self.providers.get(id).map(String::as_str).filter(|name| !name.is_empty())
    }
}

/// The id of what money can come from.
fn source(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Grant(grant) => Some(&grant.id),
        Fact::Heading(heading) => Some(&heading.id),
        Fact::Item(item) => Some(&item.id),
        Fact::Appropriation(frame) => Some(&frame.id),
        _ => None,
    }
}

/// The words that two labels begin with: `Läkarbesök vid ultraljud` and `Läkarbesök vid förlossning` are both `Läkarbesök`.
fn in_common(one: &str, other: &str) -> String {
    /// Words that say nothing where a label ends with them.
    const LINKS: [&str; 9] = ["vid", "i", "från", "per", "för", "på", "av", "och", "med"];
    let pairs = one.split(' ').zip(other.split(' '));
    let bare = |word: &str| word.trim_end_matches(',').to_owned();
    let same = pairs.take_while(|(one, other)| bare(one) == bare(other));
    let mut words: Vec<String> = same.map(|(one, _)| one.to_owned()).collect();
    while words.last().is_some_and(|word| LINKS.contains(&word.as_str())) {
        words.pop();
    }
    words.join(" ").trim_end_matches(',').to_owned()
}

fn named(label: Option<&str>, id: &str) -> Cell {
    match label.filter(|label| !label.is_empty() && *label != id) {
        Some(label) => Cell::of(&format!("{label} ({id})"), id),
        None => id.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_called_what_its_rates_have_in_common() {
        for (one, other, both) in [
            ("Läkarbesök vid ultraljud", "Läkarbesök vid förlossning", "Läkarbesök"),
            ("Gruppbesök, per deltagare", "Gruppbesök vid förlossningsklinik", "Gruppbesök"),
            (
                "Hembesök i eftervården",
                "Hembesök i eftervården, utsatt område",
                "Hembesök i eftervården",
            ),
            ("Förlossning", "Telefon", ""),
        ] {
            assert_eq!(in_common(one, other), both);
            assert_eq!(in_common(other, one), both);
        }
    }
}
