//! Disclosure control: which counts of a published table are withheld, so that nobody in them can be found by reading or reckoning.
//!
//! Owns: small counts and their complements, what else must be withheld so that they cannot be worked out from margins, other tables
//! of the same release or earlier releases, and the certificate of it. Does not own: who may see what inside the house, or rates and
//! means: where a count of theirs is withheld, so are they.
//!
//! The guarantee: for every figure withheld there are at least `threshold` whole tables of whole numbers, none below zero, that agree
//! with everything ever shown and give the figure as many different values. So no equation gives it, and what bounds give
//! always reaches outside the small counts 1 to `threshold` − 1. What it does not cover: guesses from outside knowledge, and
//! revisions: a cell whose count has changed since an earlier release counts as another cell, so what the change alone tells is not
//! withheld. Whether a revision may be published at all is asked of [`follows`].
//!
//! Births 3 and 40 at one clinic, 25 and 30 at another, with margins and threshold 5: the 3 is withheld, and with it 40, 25 and 30.

pub mod across;
mod moves;
mod revision;
mod system;

pub use revision::{Barred, follows};

use std::collections::{BTreeMap, BTreeSet};
use system::System;

/// Where a basic cell lies: one number for each dimension (unit, group, answer, month), the same dimensions throughout.
pub type Cell = Vec<u32>;

/// Which part of a dimension a figure sums over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Along {
    /// Every value that the release has.
    All,
    /// These values.
    Of(BTreeSet<u32>),
}

impl Along {
    /// One value.
    pub fn one(value: u32) -> Self {
        Self::Of(BTreeSet::from([value]))
    }

    /// Each of the values, and all of them: a dimension of a table with its margin.
    pub fn each(values: impl IntoIterator<Item = u32>) -> Vec<Self> {
        std::iter::once(Self::All).chain(values.into_iter().map(Self::one)).collect()
    }
}

/// A published count: the sum of the basic cells that lie within, one [`Along`] for each dimension.
pub type Figure = Vec<Along>;

/// The figures of a table: every combination of what each dimension has, in order.
pub fn table(axes: &[Vec<Along>]) -> Vec<Figure> {
    let mut figures = vec![Vec::new()];
    for axis in axes {
        let longer = |figure: &Figure| {
            let figure = figure.clone();
            axis.iter().map(move |along| figure.iter().chain([along]).cloned().collect())
        };
        figures = figures.iter().flat_map(longer).collect();
    }
    figures
}

/// Whether a cell lies within a figure.
fn is_within(figure: &Figure, cell: &Cell) -> bool {
    figure.len() == cell.len()
        && figure.iter().zip(cell).all(|(along, value)| match along {
            Along::All => true,
            Along::Of(values) => values.contains(value),
        })
}

/// What is to be published at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// Every basic cell in which there could be somebody, also where there is nobody. What cannot be must not stand here: a reader knows
    /// it.
    pub cells: BTreeMap<Cell, u64>,
    /// The counts that tables of the release would show.
    pub figures: BTreeSet<Figure>,
}

/// What becomes of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// It is published, with its count.
    Shown(u64),
    /// It is not.
    Withheld,
}

/// A release as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// What it was drawn from.
    pub release: Release,
    /// What became of each of its figures.
    pub marks: BTreeMap<Figure, Mark>,
}

/// What may be published now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What becomes of each figure.
    pub marks: BTreeMap<Figure, Mark>,
    /// Secrets for which no proof was found beside what earlier releases have shown: a figure, or the first less the second.
    /// Everything of this release that touches them is withheld, which is not always enough: of 1 000 made-up regions four had such
    /// secrets, and one of them could be worked out. So the release must not be published as it is.
    pub exposed: Vec<(Figure, Option<Figure>)>,
}

/// Marks the figures of a release. Counts 1 to `threshold` − 1 are withheld, so is every difference of two figures, one within the
/// other, that is so small (a complement; this year's total less last year's), and so is what would give them away. 0 is shown.
///
/// Earlier releases stand in the order in which they were published; cells and figures in any. With a threshold of 0 or 1 all is shown.
pub fn disclose(release: &Release, earlier: &[Published], threshold: u64) -> Outcome {
    let mut system = System::of(release, earlier, threshold);
    let exposed = moves::protect(&mut system);
    Outcome { marks: system.marks(), exposed }
}
