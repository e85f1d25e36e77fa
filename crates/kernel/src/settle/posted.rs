//! What has been posted so far, contact by contact, in a form that is cheap to compare.

use super::states::States;
use super::{SettleLine, UnitTotals};
use crate::intern::{Interner, Texts};
use crate::money::Money;
use crate::price::{Reason, Total};
use crate::time::Month;
use std::collections::BTreeMap;

/// Units, elements, payers, payees and rates by number, across registers.
#[derive(Clone, Debug, Default)]
pub struct Names(Texts);

impl Names {
    /// The text of a number.
    pub fn text(&self, number: u32) -> &str {
        self.0.get(number)
    }

    pub(super) fn number(&mut self, text: &str) -> u32 {
        self.0.text(text)
    }

    /// The numbers that the names of `other` have here, in their order.
    pub(super) fn numbers_of(&mut self, other: &Self) -> Vec<u32> {
        other.0.values().iter().map(|text| self.0.text(text)).collect()
    }

    /// A key as texts, in the order of output.
    pub fn key(&self, key: &NetKey) -> (&str, &str, &str, &str, Month, bool) {
        let text = |number| self.text(number);
        (
            text(key.unit),
            text(key.payee),
            text(key.payer),
            text(key.element),
            key.month,
            key.payable,
        )
    }
}

/// What posted lines are netted by; texts are numbers of [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NetKey {
    /// Month of care, or of the unit line.
    pub month: Month,
    /// Unit, or another recipient.
    pub unit: u32,
    /// Who is paid: the provider of the agreement of the day.
    pub payee: u32,
    /// Element.
    pub element: u32,
    /// Who pays.
    pub payer: u32,
    /// False for a shadow amount.
    pub payable: bool,
}

/// A net line of one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NetLine {
    /// What it is netted by.
    pub key: NetKey,
    /// The rate of the last line.
    pub rate: u32,
    /// Lines.
    pub count: i64,
    /// Amount.
    pub amount: Money,
}

/// A unit line's key: unit formulas stand apart by rate (R52).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitKey {
    /// What it is netted by.
    pub net: NetKey,
    /// Rate.
    pub rate: u32,
}

/// The sum over all booked lines, by contact.
#[derive(Clone, Debug)]
pub struct Posted {
    names: Names,
    lists: Interner<Vec<NetLine>>,
    of_contact: Vec<u32>,
    unit_lines: UnitTotals,
    is_paid: bool,
}

impl Default for Posted {
    fn default() -> Self {
        let mut lists: Interner<Vec<NetLine>> = Interner::default();
        // Number 0 is the contact without lines.
        lists.number(&[][..], <[NetLine]>::to_vec);
        let (names, unit_lines) = (Names::default(), UnitTotals::default());
        Self { names, lists, of_contact: Vec::new(), unit_lines, is_paid: true }
    }
}

impl Posted {
    /// For amounts as known on a day, of which nothing was paid: shares are plain divisions, and no instalment
    /// stands (R37).
    pub fn unpaid() -> Self {
        Self { is_paid: false, ..Self::default() }
    }

    /// Whether what is posted was paid.
    pub(super) const fn is_paid(&self) -> bool {
        self.is_paid
    }

    /// The names that keys refer to.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The number of a name.
    pub fn name(&mut self, text: &str) -> u32 {
        self.names.number(text)
    }

    /// The number of the net lines of a contact; 0 where there are none.
    pub fn of_contact(&self, contact: u32) -> u32 {
        self.of_contact.get(contact as usize).copied().unwrap_or(0)
    }

    /// The net lines of a number.
    pub fn lines_of(&self, list: u32) -> &[NetLine] {
        self.lists.value(list).map_or(&[], Vec::as_slice)
    }

    /// Posted unit lines.
    pub fn unit_lines(&self) -> &UnitTotals {
        &self.unit_lines
    }

    /// Adds booked lines, from one settlement or many in order. The lines of a contact in a row are
    /// cheapest, and that is how settlements have them.
    pub fn post(&mut self, lines: &[SettleLine]) {
        for same in lines.chunk_by(|a, b| a.contact == b.contact) {
            match same.first().and_then(|line| line.contact) {
                Some(contact) => self.post_contact(contact, same),
                None => self.post_units(same),
            }
        }
    }

    fn post_units(&mut self, lines: &[SettleLine]) {
        for line in lines {
            let key = UnitKey { net: line.key, rate: line.rate };
            let total = self.unit_lines.entry(key).or_default();
            total.count += line.total.count;
            total.amount += line.total.amount;
        }
        self.unit_lines.retain(|_, total| *total != Total::default());
    }

    fn post_contact(&mut self, contact: u32, lines: &[SettleLine]) {
        let mut net = self.lines_of(self.of_contact(contact)).to_vec();
        for line in lines {
            add_to_net(&mut net, line);
        }
        net.retain(|line| line.count != 0 || line.amount != Money::ZERO);
        net.sort_unstable();
        let list = self.lists.number(net.as_slice(), <[NetLine]>::to_vec);
        let at = contact as usize;
        if self.of_contact.len() <= at {
            self.of_contact.resize(at + 1, 0);
        }
        if let Some(slot) = self.of_contact.get_mut(at) {
            *slot = list;
        }
    }

    /// Takes over what contacts should have: the number of the lines of each contact, and the unpriced.
    pub(super) fn adopt(
        &mut self,
        parts: Vec<States>,
        contacts: u32,
    ) -> (Vec<u32>, BTreeMap<Reason, i64>) {
        let mut states = vec![0; contacts as usize];
        let mut unpriced: BTreeMap<Reason, i64> = BTreeMap::new();
        for part in parts {
            let lists = part.lists(&mut self.names);
            let lists: Vec<u32> =
                lists.map(|list| self.lists.number(list.as_slice(), <[NetLine]>::to_vec)).collect();
            for (contact, list) in part.of_contact {
                if let (Some(state), Some(list)) =
                    (states.get_mut(contact as usize), lists.get(list as usize))
                {
                    *state = *list;
                }
            }
            for (reason, count) in part.unpriced {
                *unpriced.entry(reason).or_default() += count;
            }
        }
        (states, unpriced)
    }

    /// What the lines of `to` have more than those of `from`, by key; the rate is that of `to`, else of
    /// `from`.
    pub(super) fn difference(&self, from: u32, to: u32) -> Vec<(NetKey, u32, Total)> {
        if from == to {
            return Vec::new();
        }
        let signed = |line: &NetLine, sign: i64| {
            let amount = if sign < 0 { -line.amount } else { line.amount };
            (line.key, line.rate, Total { count: sign * line.count, amount })
        };
        let more = self.lines_of(to).iter().map(|line| signed(line, 1));
        let less = self.lines_of(from).iter().map(|line| signed(line, -1));
        let mut all: Vec<(NetKey, u32, Total)> = more.chain(less).collect();
        // Stable, so that of one key the line of `to` comes first.
        all.sort_by_key(|(key, _, _)| *key);
        let sums = all.chunk_by(|a, b| a.0 == b.0).filter_map(|same| {
            let (key, rate, _) = *same.first()?;
            let count = same.iter().map(|(_, _, total)| total.count).sum();
            let amount = same.iter().map(|(_, _, total)| total.amount).sum();
            Some((key, rate, Total { count, amount }))
        });
        sums.filter(|(_, _, total)| *total != Total::default()).collect()
    }
}

fn add_to_net(net: &mut Vec<NetLine>, line: &SettleLine) {
    let (count, amount) = (line.total.count, line.total.amount);
    match net.iter_mut().find(|other| other.key == line.key) {
        Some(other) => {
            other.count += count;
            other.amount += amount;
            other.rate = line.rate;
        }
        None => net.push(NetLine { key: line.key, rate: line.rate, count, amount }),
    }
}
