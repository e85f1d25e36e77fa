//! What the lines of each settlement come to.
//!
//! Owns: adding up kept lines once. Does not own: amounts; they were computed when they were booked.

use crate::data::DataFolder;
use crate::engine;
use crate::failure::Failure;
use kernel::money::Money;
use kernel::settle::Cause;
use kernel::time::Month;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What rows are added up by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SumKey {
    /// A shadow amount, which is not paid.
    pub shadow: bool,
    /// Unit, or another recipient.
    pub unit: Arc<str>,
    /// Element.
    pub element: Arc<str>,
    /// Month of care.
    pub care_month: Month,
    /// Why.
    pub cause: Cause,
    /// Who pays.
    pub payer: Arc<str>,
    /// Who is paid.
    pub payee: Arc<str>,
}

/// What rows come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Quantity.
    pub count: i64,
    /// Amount.
    pub amount: Money,
    /// Lines.
    pub lines: i64,
    /// The rates of the lines.
    pub rates: BTreeSet<Arc<str>>,
}

/// The sums of one settlement, in order of key; those that come to nothing are left out.
pub type OfSettlement = Vec<(SumKey, Sum)>;

/// What was added up before, by the hash of the lines.
pub type Was = BTreeMap<String, Arc<OfSettlement>>;

/// The sums of every settlement that stands.
pub struct Sums {
    /// By its id.
    of: BTreeMap<String, Arc<OfSettlement>>,
    was: Was,
}

impl Sums {
    /// Adds up what was not added up before.
    pub fn of(data: &DataFolder, was: &Was) -> Result<Self, Failure> {
        let settlements = data.settlements();
        let mut texts: BTreeMap<String, Arc<str>> = BTreeMap::new();
        let (mut of, mut next) = (BTreeMap::new(), Was::new());
        let is_new = |number: &usize| {
            settlements.get(*number).is_some_and(|one| !was.contains_key(&one.booked.lines_hash))
        };
        let new: Vec<usize> = (0..settlements.len()).filter(is_new).collect();
        let read = |number: usize| {
            let at = new.get(number).and_then(|at| settlements.get(*at));
            at.map_or_else(|| Err(Failure::NotThere), |one| data.booked_lines(one))
        };
        engine::in_order(new.len(), read, |number, lines| {
            let at = new.get(number).and_then(|at| settlements.get(*at));
            let Some(settlement) = at else { return Ok(()) };
            let hash = settlement.booked.lines_hash.clone();
            next.insert(hash, Arc::new(added_up(&lines, &mut texts)));
            Ok(())
        })?;
        for settlement in settlements {
            let hash = &settlement.booked.lines_hash;
            let Some(sums) = next.get(hash).or_else(|| was.get(hash)).cloned() else { continue };
            of.insert(settlement.booked.id.clone(), Arc::clone(&sums));
            next.insert(hash.clone(), sums);
        }
        Ok(Self { of, was: next })
    }

    /// The sums of a settlement.
    pub fn of_settlement(&self, id: &str) -> &[(SumKey, Sum)] {
        self.of.get(id).map_or(&[], |sums| sums.as_slice())
    }

    /// To begin the next state with.
    pub fn was(&self) -> Was {
        self.was.clone()
    }
}

/// The sums of some lines; texts are shared by those that have them.
pub fn added_up(
    lines: &bulk::lines::LineColumns,
    texts: &mut BTreeMap<String, Arc<str>>,
) -> OfSettlement {
    let mut interned = |text: &str| match texts.get(text) {
        Some(known) => Arc::clone(known),
        None => {
            let new: Arc<str> = text.into();
            texts.insert(text.to_owned(), Arc::clone(&new));
            new
        }
    };
    let mut sums: BTreeMap<SumKey, Sum> = BTreeMap::new();
    for line in lines.rows() {
        let Some(cause) = Cause::parse(line.cause) else { continue };
        let key = SumKey {
            shadow: !line.payable,
            unit: interned(line.unit),
            element: interned(line.element),
            care_month: line.care_month,
            cause,
            payer: interned(line.payer),
            payee: interned(line.payee),
        };
        let sum = sums.entry(key).or_default();
        sum.count += line.count;
        sum.amount += line.amount;
        sum.lines += 1;
        if !sum.rates.contains(line.rate) {
            sum.rates.insert(interned(line.rate));
        }
    }
    sums.retain(|_, sum| (sum.count, sum.amount) != (0, Money::ZERO));
    sums.into_iter().collect()
}
