//! The tree of a grant: whole = headings + residual, heading = items + residual, each with its interval.

use super::parts::{Part, parts};
use super::stated::{Said, latest};
use crate::fact::{
    AllocationRule, Decision, Fact, Figure, Grant, Heading, Item, Precision, Stated, Status,
};
use crate::id::DecisionId;
use crate::money::Money;
use crate::register::{Register, View};
use crate::time::Day;
use std::ops::{Add, Sub};

/// An amount as printed, and the least and most that its precision lets it be (D5), both inclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// With every figure at its printed value.
    pub printed: Money,
    /// At least.
    pub low: Money,
    /// At most.
    pub high: Money,
}

impl Range {
    /// Of one amount that is exact.
    pub const fn exact(amount: Money) -> Self {
        Self { printed: amount, low: amount, high: amount }
    }

    /// Whether it is known to the öre.
    pub fn is_exact(self) -> bool {
        self.low == self.high
    }

    /// Of a figure: half a unit of its last printed digit either way for "ca", up to a whole one above for "drygt".
    pub fn of(figure: Figure) -> Self {
        let Figure { amount, precision, last_digit } = figure;
        let half = Money::from_ore(last_digit.ore() / 2);
        match precision {
            Precision::Exact => Self::exact(amount),
            Precision::Rounded | Precision::About => {
                Self { printed: amount, low: amount - half, high: amount + half }
            }
            Precision::AtLeast => {
                let high = amount + last_digit - Money::from_ore(1);
                Self { printed: amount, low: amount, high }
            }
        }
    }
}

impl Add for Range {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            printed: self.printed + other.printed,
            low: self.low + other.low,
            high: self.high + other.high,
        }
    }
}

impl Sub for Range {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            printed: self.printed - other.printed,
            low: self.low - other.high,
            high: self.high - other.low,
        }
    }
}

/// A grant with its division.
#[derive(Clone, Debug)]
pub struct Tree<'r> {
    /// The grant.
    pub grant: &'r Grant,
    /// How it was stated.
    pub stated: &'r Stated,
    /// The decision that states it.
    pub decision: &'r Decision,
    /// What there is to divide.
    pub whole: Range,
    /// The whole minus the parts it is said to be made of, where parts are stated.
    pub unexplained: Option<Range>,
    /// The headings, in the order stated.
    pub headings: Vec<Branch<'r>>,
    /// What no heading has; below 0 where more is divided than there is.
    pub residual: Range,
}

/// A heading, or an item of one.
#[derive(Clone, Debug)]
pub struct Branch<'r> {
    /// Id.
    pub id: &'r str,
    /// How it was stated.
    pub stated: &'r Stated,
    /// The decision that states it.
    pub decision: &'r Decision,
    /// How its amount is formed.
    pub rule: &'r AllocationRule,
    /// Who gets it; of an item.
    pub recipient: Option<&'r str>,
    /// Whether the administration holds it; of an item.
    pub is_reserve: bool,
    /// Whether it pays for what goes on when the grant ends.
    pub is_permanent: bool,
    /// When the recipient's final report is due; of an item.
    pub final_report_due: Option<Day>,
    /// Decisions without which it is not in force; of an item.
    pub requires: &'r [DecisionId],
    /// Its amount.
    pub amount: Range,
    /// The items of a heading.
    pub items: Vec<Branch<'r>>,
    /// The parts of a share, by recipient.
    pub parts: Vec<Part<'r>>,
    /// What no item has, or of a share without items no recipient; nothing where there is neither.
    pub residual: Range,
}

impl<'r> Branch<'r> {
    /// Gives the recipients of a share their parts, and those of its items.
    fn share(&mut self, view: &View<'r>, year: i32) {
        for item in &mut self.items {
            item.share(view, year);
        }
        if matches!(self.rule, AllocationRule::Share { .. }) {
            self.parts = parts(view, self.rule, year);
            if self.items.is_empty() {
                let given = self.parts.iter().map(|part| part.amount).sum();
                self.residual = self.amount - Range::exact(given);
            }
        }
    }
}

/// The trees of all grants as known at a revision, decided and proposed, in order of year and id. A later statement of the
/// same id stands for the earlier, but a proposal never for a decision.
pub fn trees(register: &Register, revision: u32) -> Vec<Tree<'_>> {
    trees_of(register, revision, |_| true)
}

/// The trees of what is decided alone.
pub fn decided_trees(register: &Register, revision: u32) -> Vec<Tree<'_>> {
    trees_of(register, revision, |decision| decision.status == Status::Decided)
}

fn trees_of(
    register: &Register,
    revision: u32,
    counts: impl Fn(&Decision) -> bool + Copy,
) -> Vec<Tree<'_>> {
    let grants = latest(register, revision, counts, |fact| match fact {
        Fact::Grant(grant) => Some((grant, grant.id.as_str())),
        _ => None,
    });
    let headings = latest(register, revision, counts, |fact| match fact {
        Fact::Heading(heading) => Some((heading, heading.id.as_str())),
        _ => None,
    });
    let items = latest(register, revision, counts, |fact| match fact {
        Fact::Item(item) => Some((item, item.id.as_str())),
        _ => None,
    });
    let mut trees: Vec<Tree<'_>> =
        grants.into_iter().map(|grant| tree(&grant, &headings, &items)).collect();
    let is_share = |branch: &Branch<'_>| matches!(branch.rule, AllocationRule::Share { .. });
    let has_share = |of: &Branch<'_>| is_share(of) || of.items.iter().any(is_share);
    if trees.iter().any(|tree| tree.headings.iter().any(has_share)) {
        // The view is only asked for keys and plans.
        let view = register.view(revision);
        for tree in &mut trees {
            let year = tree.grant.year;
            tree.headings.iter_mut().for_each(|heading| heading.share(&view, year));
        }
    }
    trees.sort_by_key(|tree| (tree.grant.year, tree.grant.id.as_str()));
    trees
}

fn tree<'r>(
    grant: &Said<'r, Grant>,
    headings: &[Said<'r, Heading>],
    items: &[Said<'r, Item>],
) -> Tree<'r> {
    let whole = Range::of(grant.fact.amount);
    let own = headings.iter().filter(|heading| heading.fact.grant == grant.fact.id);
    let mut branches: Vec<Branch<'r>> = own.map(|heading| branch(heading, whole)).collect();
    let residual = fill_remainder(&mut branches, whole);
    for branch in &mut branches {
        let own = items.iter().filter(|item| item.fact.heading == branch.id);
        branch.items = own.map(|item| leaf(item, branch.amount)).collect();
        let residual = fill_remainder(&mut branch.items, branch.amount);
        branch.residual = if branch.items.is_empty() { Range::default() } else { residual };
    }
    let parts = &grant.fact.parts;
    let made_of = Range::exact(parts.iter().map(|part| part.amount).sum());
    let unexplained = (!parts.is_empty()).then_some(whole - made_of);
    let Said { fact: grant, stated, decision } = grant;
    Tree { grant, stated, decision, whole, unexplained, headings: branches, residual }
}

fn branch<'r>(heading: &Said<'r, Heading>, whole: Range) -> Branch<'r> {
    Branch {
        id: &heading.fact.id,
        stated: heading.stated,
        decision: heading.decision,
        rule: &heading.fact.rule,
        recipient: None,
        is_reserve: false,
        is_permanent: heading.fact.is_permanent,
        final_report_due: None,
        requires: &[],
        amount: amount(&heading.fact.rule, whole),
        items: Vec::new(),
        parts: Vec::new(),
        residual: Range::default(),
    }
}

fn leaf<'r>(item: &Said<'r, Item>, whole: Range) -> Branch<'r> {
    Branch {
        id: &item.fact.id,
        stated: item.stated,
        decision: item.decision,
        rule: &item.fact.rule,
        recipient: item.fact.recipient.as_deref(),
        is_reserve: item.fact.is_reserve,
        is_permanent: item.fact.is_permanent,
        final_report_due: item.fact.final_report_due,
        requires: &item.fact.requires,
        amount: amount(&item.fact.rule, whole),
        items: Vec::new(),
        parts: Vec::new(),
        residual: Range::default(),
    }
}

/// The amount of a rule; a remainder is filled in last.
fn amount(rule: &AllocationRule, whole: Range) -> Range {
    match rule {
        AllocationRule::PerUnit { per_unit, units: Some(units), .. } => {
            let count = i64::try_from(units.count()).unwrap_or(i64::MAX);
            Range::exact(per_unit.times(count).unwrap_or_default())
        }
        AllocationRule::Percent { percent, rounding } => {
            let of = |amount: Money| {
                percent
                    .percent()
                    .and_then(|share| amount.scaled(share, rounding.unit()))
                    .unwrap_or_default()
            };
            Range { printed: of(whole.printed), low: of(whole.low), high: of(whole.high) }
        }
        AllocationRule::Remainder => Range::default(),
        rule => rule.figure().map_or_else(Range::default, Range::of),
    }
}

/// Gives the first remainder what the others leave, and returns what is left after that.
fn fill_remainder(branches: &mut [Branch<'_>], whole: Range) -> Range {
    let taken = branches.iter().fold(Range::default(), |sum, branch| sum + branch.amount);
    let left = whole - taken;
    match branches.iter_mut().find(|branch| *branch.rule == AllocationRule::Remainder) {
        Some(remainder) => {
            remainder.amount = left;
            Range::default()
        }
        None => left,
    }
}
