//! The names that people know units, elements and providers by, beside their ids.

use crate::output::Cell;
use kernel::register::Register;
use std::collections::BTreeMap;

/// Labels by id, by all that is recorded; the latest statement wins.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    units: BTreeMap<String, String>,
    elements: BTreeMap<String, String>,
    providers: BTreeMap<String, String>,
}

impl Labels {
    /// The labels of a register.
    pub fn new(register: &Register) -> Self {
        let view = register.view(u32::MAX);
        let mut labels = Self::default();
        for ((id, _), unit) in &view.units {
            labels.units.insert(id.to_string(), unit.fact.name.clone());
        }
        let mut rates = view.rates.clone();
        rates.sort_by_key(|rate| (rate.fact.valid.from, &rate.fact.id));
        for rate in rates {
            if let Some(label) = &rate.stated.label {
                labels.elements.insert(rate.fact.element.to_string(), label.clone());
            }
        }
        for (id, provider) in &view.providers {
            labels.providers.insert(id.to_string(), provider.fact.name.clone());
        }
        labels
    }

    /// A unit; for people with its name.
    pub fn unit(&self, id: &str) -> Cell {
        beside(&self.units, id)
    }

    /// An element; for people with its label.
    pub fn element(&self, id: &str) -> Cell {
        beside(&self.elements, id)
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

fn beside(labels: &BTreeMap<String, String>, id: &str) -> Cell {
    match labels.get(id).filter(|label| !label.is_empty() && *label != id) {
        Some(label) => Cell::of(&format!("{label} ({id})"), id),
        None => id.into(),
    }
}
