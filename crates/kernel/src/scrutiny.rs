//! What does not add up in a decision text: each doubt with its places, its difference and what would reconcile it.
//!
//! Owns: the checks of a text against itself, by the structure of its sums (D5–D10). Does not own: how the text is read
//! (`paper`), nor what ratebooks say of it (`scrutiny::facts`).
//!
//! Of `70 miljoner` before items of 57 000 000 kr it says that 13 000 000 kr have no item.

mod alike;
mod announced;
mod appendix;
mod apposed;
mod balance;
mod beside_table;
mod cases;
mod change;
mod changed;
mod clauses;
mod count_column;
mod counted_parts;
mod counted_rows;
mod dates;
mod derived;
mod each;
mod effective;
mod even;
pub mod facts;
mod figures;
mod gathered;
mod granted;
mod grid;
mod grounds;
mod grown;
mod growth_column;
mod headings;
mod instalments;
mod items;
mod lead;
mod ledger;
mod limit;
mod mandate;
mod multiplied;
mod order;
mod otherwise;
mod outlier;
mod over_years;
mod part_of;
mod period;
mod pointed;
mod points;
mod product;
mod prose;
mod raise;
mod raised_row;
mod rates;
mod reconcile;
mod recounted;
mod redated;
mod repeated_row;
mod rest;
mod result;
mod result_row;
mod row;
mod said_row;
mod share;
mod share_named;
mod share_rows;
mod share_said;
mod share_sums;
mod subject;
mod table;
mod than;
mod twelfths;
mod twice;
mod units;
mod unlisted;
mod uprated;
mod value;
mod vat;
mod votes;
mod within;
mod written;

use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::named::named;
use crate::paper::{Amount, Flaw, Paper, Span};
use gathered::Gathered;
use std::collections::BTreeMap;
use value::Value;

named! {
    /// What kind of doubt; the name is stable.
    Doubt {
        /// The parts do not sum to the stated whole.
        SumDiffers = "sum-differs",
        /// The whole is divided only in part, or more than whole.
        DivisionDiffers = "division-differs",
        /// A number in the wrong unit.
        UnitError = "unit-error",
        /// So many at so much is not the stated amount.
        CountDiffers = "count-differs",
        /// An amount that is no whole number of units.
        ImpliedCount = "implied-count",
        /// A percentage of an amount is not the amount stated for it.
        ShareDiffers = "share-differs",
        /// Percentages that do not sum to 100.
        SharesDiffer = "shares-differ",
        /// From one amount to another is not the change that is stated.
        ChangeDiffers = "change-differs",
        /// One thing stated twice with different values.
        StatedTwice = "stated-twice",
        /// One thing stated coarsely and finely.
        RoundedTwin = "rounded-twin",
        /// Another number of things is announced than is listed.
        ListDiffers = "list-differs",
        /// Heading and text differ in who is paid.
        HeadingDiffers = "heading-differs",
        /// One amount with two recipients.
        RecipientDiffers = "recipient-differs",
        /// A mandate that does not fit what is said of it.
        MandateDiffers = "mandate-differs",
        /// Payment is ordered before the decision's date.
        PaidBeforeDecision = "paid-before-decision",
        /// Something else is ordered to be done before the decision's date.
        OrderedBeforeDecision = "ordered-before-decision",
        /// Days in an order that cannot be.
        DatesDiffer = "dates-differ",
        /// More than the text itself allows.
        LimitExceeded = "limit-exceeded",
        /// A row out of line with its key or with other years.
        RowOutOfLine = "row-out-of-line",
        /// A malformed number whose value is evident.
        MalformedNumber = "malformed-number",
        /// An amount that is too large to be read.
        AmountTooLarge = "amount-too-large",
        /// An amount of a fact is not in the text.
        FactNotInText = "fact-not-in-text",
        /// The text gives a fact's recipient another amount.
        FactDiffers = "fact-differs",
    }
}

/// A doubt about a text.
#[derive(Clone, Debug)]
pub struct Remark {
    /// What kind.
    pub doubt: Doubt,
    /// An error only where the text contradicts itself beyond its stated precision.
    pub severity: Severity,
    /// Stated minus computed (D6); `None` where no amount is concerned.
    pub difference: Option<Money>,
    /// What the difference may be, both ends inclusive; equal ends where everything is exact.
    pub range: Option<(Money, Money)>,
    /// What was assumed of figures that are not exact.
    pub assumes: Option<Text>,
    /// What is the case.
    pub message: Text,
    /// All its places, in the order of the text.
    pub places: Vec<Span>,
    /// The single change that would reconcile it.
    pub reconciles_by: Option<Text>,
}

impl Remark {
    fn new(doubt: Doubt, severity: Severity, message: Text, places: Vec<Span>) -> Self {
        let (difference, range, assumes, reconciles_by) = (None, None, None, None);
        let mut remark =
            Self { doubt, severity, difference, range, assumes, message, places, reconciles_by };
        remark.places.sort();
        remark.places.dedup();
        remark
    }

    /// With a difference that is exact.
    fn off_by(mut self, difference: Money) -> Self {
        self.difference = Some(difference);
        self.range = Some((difference, difference));
        self
    }

    fn of_difference(mut self, stated: &Value, computed: &Value) -> Self {
        let (difference, low, high) = stated.minus(computed);
        self.difference = Some(difference);
        self.range = Some((low, high));
        self.assumes = Value::assumes(&[stated, computed]);
        self
    }
}

/// Everything that does not add up in a text, in the order of its places.
pub fn scrutinise(paper: &Paper) -> Vec<Remark> {
    let gathered = &Gathered::of(paper);
    let mut remarks = malformed(paper);
    remarks.extend(too_large(paper));
    remarks.extend(twice::twins(paper));
    remarks.extend(table::check(paper, gathered));
    remarks.extend(each::check(paper));
    remarks.extend(written::check(paper));
    remarks.extend(items::check(paper, gathered));
    remarks.extend(announced::check(paper));
    remarks.extend(prose::check(paper, gathered));
    remarks.extend(rest::check(paper, gathered));
    remarks.extend(beside_table::check(paper, gathered));
    remarks.extend(instalments::of_recipients(paper));
    remarks.extend(clauses::check(paper));
    remarks.extend(units::check(paper));
    remarks.extend(product::check(paper));
    remarks.extend(result::check(paper));
    remarks.extend(recounted::check(paper));
    remarks.extend(votes::check(paper));
    remarks.extend(redated::check(paper));
    remarks.extend(counted_rows::check(paper));
    remarks.extend(counted_parts::check(paper));
    remarks.extend(share::check(paper, gathered));
    remarks.extend(share_named::check(paper));
    remarks.extend(share_sums::check(paper));
    remarks.extend(change::check(paper));
    remarks.extend(than::check(paper));
    remarks.extend(grown::check(paper));
    remarks.extend(raise::check(paper));
    remarks.extend(raised_row::check(paper));
    remarks.extend(points::check(paper));
    remarks.extend(twelfths::check(paper));
    remarks.extend(period::check(paper));
    remarks.extend(twice::check(paper, gathered));
    remarks.extend(subject::check(paper, gathered));
    remarks.extend(appendix::check(paper, gathered));
    remarks.extend(balance::check(paper));
    remarks.extend(even::check(paper, gathered));
    remarks.extend(share_said::check(paper));
    remarks.extend(uprated::check(paper));
    remarks.extend(cases::check(paper));
    remarks.extend(mandate::check(paper));
    remarks.extend(limit::check(paper));
    remarks.extend(part_of::check(paper));
    remarks.extend(lead::check(paper, gathered));
    remarks.extend(unlisted::check(paper));
    remarks.extend(dates::check(paper, gathered));
    remarks.extend(order::check(paper));
    remarks.extend(headings::check(paper));
    remarks.extend(effective::check(paper));
    remarks.extend(within::check(paper));
    remarks.extend(said_row::check(paper, gathered));
    remarks.extend(derived::check(paper));
    remarks.extend(multiplied::check(paper));
    remarks.extend(outlier::check(paper, gathered, &remarks));
    remarks.extend(changed::check(paper, &remarks));
    remarks.extend(rates::check(paper, &remarks));
    remarks.extend(ledger::check(paper, &remarks));
    remarks.extend(written::in_rows(paper, &remarks));
    remarks.retain(|remark| !is_of_sums(remark.doubt) || !counts_again(paper, remark));
    let grounds = grounds::Grounds::of(paper);
    remarks.retain(|remark| {
        !grounds.refute(paper, remark) && !otherwise::is_right(paper, &grounds, remark)
    });
    // That price and tax add up says nothing of the tax.
    remarks.extend(vat::check(paper, gathered));
    settled(remarks)
}

const fn is_of_sums(doubt: Doubt) -> bool {
    matches!(doubt, Doubt::SumDiffers | Doubt::DivisionDiffers)
}

/// Whether an amount of a sum is given to each of several (`3 miljoner kronor vardera`) and it is not said of how many, so that
/// it counts nobody knows how often.
fn counts_again(paper: &Paper, remark: &Remark) -> bool {
    let is_unknown = |at: usize| {
        paper.amounts().get(at).is_some_and(|amount| amount.is_each)
            && paper.each_count(at).is_none()
    };
    let amounts = remark.places.iter().filter_map(|place| paper.amount_at(*place));
    amounts.into_iter().any(|amount| {
        let sentence = paper.sentence(amount.tokens.0);
        let mut each = paper.amounts_in(&sentence);
        let next = amount.tokens.1 + 1..amount.tokens.1 + 2;
        let is_said =
            paper.has_word(&sentence, &["vardera", "vart"]) || paper.has_word(&next, &["var"]);
        let is_any = paper.amounts_in(&sentence).any(|at| paper.each_count(at).is_some());
        is_said && (!is_any || each.any(is_unknown))
    })
}

/// One remark for one broken equation (D6): of two about the same places the one that was found first stays.
fn settled(remarks: Vec<Remark>) -> Vec<Remark> {
    let mut kept: Vec<Remark> = Vec::new();
    let mut told: BTreeMap<(Money, Span), Vec<usize>> = BTreeMap::new();
    // Of so many about one place the first are looked at.
    const MOST: usize = 20;
    for remark in remarks {
        let difference = remark.difference.filter(|difference| *difference != Money::ZERO);
        let has_all = |other: &&usize| {
            kept.get(**other).is_some_and(|other| {
                remark.places.iter().all(|place| other.places.binary_search(place).is_ok())
            })
        };
        if let Some(difference) = difference {
            let first = remark.places.first().and_then(|place| told.get(&(difference, *place)));
            if first.into_iter().flatten().any(|at| has_all(&at)) {
                continue;
            }
            for place in &remark.places {
                let of_place = told.entry((difference, *place)).or_default();
                if of_place.len() < MOST {
                    of_place.push(kept.len());
                }
            }
        }
        kept.push(remark);
    }
    kept.sort_by(|a, b| (&a.places, a.doubt, &a.message).cmp(&(&b.places, b.doubt, &b.message)));
    kept.dedup_by(|a, b| a.places == b.places && a.doubt == b.doubt && a.message == b.message);
    kept
}

fn malformed(paper: &Paper) -> Vec<Remark> {
    let remark = |amount: &Amount| {
        let value = amount.amount;
        let text = words(&paper.text(amount.span));
        let (severity, sv, en) = match amount.flaw? {
            Flaw::Groups => (
                Severity::Warning,
                format!(
                    "`{text}` är inte skrivet i grupper om tre siffror; det lästes som {value}"
                ),
                format!(
                    "`{text}` is not written in groups of three digits; it was read as {value}"
                ),
            ),
            Flaw::SpaceAtComma => (
                Severity::Note,
                format!("`{text}` har ett mellanslag vid decimalkommat; det lästes som {value}"),
                format!("`{text}` has a space at the decimal comma; it was read as {value}"),
            ),
        };
        let mut remark =
            Remark::new(Doubt::MalformedNumber, severity, Text::new(sv, en), vec![amount.span])
                .off_by(Money::ZERO);
        remark.reconciles_by =
            Some(Text::new(format!("det skrivs {value}"), format!("it is written {value}")));
        Some(remark)
    };
    paper.amounts().iter().filter_map(remark).collect()
}

/// Amounts that nothing can be computed with.
fn too_large(paper: &Paper) -> Vec<Remark> {
    let remark = |place: &Span| {
        let text = words(&paper.text(*place));
        let text = Text::new(
            format!("`{text}` är större än något belopp som läses; kontrollera siffrorna"),
            format!("`{text}` is larger than any amount that is read; check the digits"),
        );
        Remark::new(Doubt::AmountTooLarge, Severity::Warning, text, vec![*place])
    };
    paper.unread().iter().map(remark).collect()
}

/// Text on one line.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
