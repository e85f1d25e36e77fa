//! Sums over births, by any grouping.

use super::judge::Judged;

/// What an indicator comes to in one group of births.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Births meant whose answer is reported.
    pub reported: u64,
    /// Of those, the ones that count.
    pub counted: u64,
    /// Births meant, or that may be meant, whose answer is not reported.
    pub unreported: u64,
    /// Births meant for which it is too early.
    pub pending: u64,
    /// Values of a quantity, in order of size.
    pub values: Vec<f64>,
}

/// What is shown of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard error of the mean; `None` for a single value.
    pub standard_error: Option<f64>,
    /// Median: the middle value, or the mean of the two in the middle.
    pub median: f64,
}

impl Tally {
    /// Percent of the births meant that are reported, rounded down; 100 where none is meant.
    pub fn percent_reported(&self) -> u64 {
        let meant = self.reported + self.unreported;
        (self.reported * 100).checked_div(meant).unwrap_or(100)
    }

    /// Whether too little is reported for a decided minimum, in percent.
    pub fn is_withheld(&self, minimum: u8) -> bool {
        let meant = self.reported + self.unreported;
        self.reported * 100 < meant * u64::from(minimum)
    }

    /// Mean and median of the values; `None` without any.
    pub fn summary(&self) -> Option<Summary> {
        let count = self.values.len();
        let mean = self.values.iter().sum::<f64>() / count as f64;
        let spread: f64 = self.values.iter().map(|value| (value - mean).powi(2)).sum();
        let standard_error =
            (count > 1).then(|| (spread / (count - 1) as f64 / count as f64).sqrt());
        let upper = self.values.get(count / 2)?;
        let lower = self.values.get((count - 1) / 2)?;
        Some(Summary { mean, standard_error, median: (lower + upper) / 2.0 })
    }

    /// All of some tallies; values are in order of size again.
    pub fn sum<'t>(tallies: impl IntoIterator<Item = &'t Self>) -> Self {
        let mut sum = Self::default();
        for one in tallies {
            sum.reported += one.reported;
            sum.counted += one.counted;
            sum.unreported += one.unreported;
            sum.pending += one.pending;
            sum.values.extend(&one.values);
        }
        sum.values.sort_by(f64::total_cmp);
        sum
    }

    /// Adds a birth. Whoever adds sorts the values in the end.
    pub fn add(&mut self, judged: Judged) {
        match judged {
            Judged::NotMeant => {}
            Judged::Pending => self.pending += 1,
            Judged::MaybeMeant | Judged::Unreported => self.unreported += 1,
            Judged::No => self.reported += 1,
            Judged::Yes => {
                self.reported += 1;
                self.counted += 1;
            }
            Judged::Value(value) => {
                self.reported += 1;
                self.values.push(value);
            }
        }
    }
}

/// One tally for each group; `group` gives the number of a birth's group, `None` for births in none.
pub fn tally(
    judged: &[Judged],
    groups: usize,
    group: impl Fn(usize) -> Option<usize>,
) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); groups];
    for (birth, judged) in judged.iter().enumerate() {
        if let Some(tally) = group(birth).and_then(|group| tallies.get_mut(group)) {
            tally.add(*judged);
        }
    }
    for tally in &mut tallies {
        tally.values.sort_by(f64::total_cmp);
    }
    tallies
}
