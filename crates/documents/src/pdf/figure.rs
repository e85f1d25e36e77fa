//! A chart (diagram): points with what is known of how sure they are, levels to be reached, and the same numbers as a table.
//!
//! Owns: what a chart is made of, its numbers as text, its axis and its table. Does not own: where its marks stand (`layout::chart`).
//!
//! Numbers are whole: 712 with one decimal is `71,2`.

use super::{Head, Language, Table};

/// A chart with its numbers in a table under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it shows; stands above it.
    pub caption: String,
    /// What is said of it to those who do not see it: the main thing, since the numbers follow. The caption where it is blank.
    pub alt: String,
    /// How the points are drawn.
    pub shape: Shape,
    /// What a point is, over the labels in the table: month, unit.
    pub point_head: String,
    /// What is measured, with its unit.
    pub value_head: String,
    /// What the intervals are; not shown where no point has one.
    pub interval_head: String,
    /// How many of the last digits of every number are decimals.
    pub decimals: u8,
    /// What the axis reaches over at least; where there is none, the numbers say.
    pub axis: Option<(i64, i64)>,
    /// In order, from the left or from above.
    pub points: Vec<Point>,
    /// Levels across the chart: a target, a median, limits.
    pub levels: Vec<Level>,
}

/// How points are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line from left to right, broken where a number is missing: for time.
    Line,
    /// A bar from zero for each, under each other: for units.
    Bars,
}

/// A point of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What it is called.
    pub label: String,
    /// What is known of it.
    pub value: Value,
}

/// What is known of a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, and how far down and up it could lie.
    Number(i64, Option<(i64, i64)>),
    /// No number; says why.
    Missing(String),
}

/// A level across a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// What it is called.
    pub label: String,
    /// Where it lies.
    pub value: i64,
}

/// Where an axis begins and ends, and how far apart its lines are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    pub low: i128,
    pub high: i128,
    pub step: i128,
}

impl Figure {
    /// A number as people read it.
    pub(super) fn shown(&self, number: impl Into<i128>, lang: Language) -> String {
        let (number, decimals): (i128, usize) = (number.into(), self.decimals.into());
        let digits = format!("{:0>1$}", number.unsigned_abs(), decimals + 1);
        let (whole, rest) = digits.split_at(digits.len() - decimals);
        let groups: Vec<&str> = whole.as_bytes().rchunks(3).rev().map(as_text).collect();
        let sign = if number < 0 { "\u{2212}" } else { "" };
        let (mark, rest) = match (decimals, lang) {
            (0, _) => ("", ""),
            (_, Language::Sv) => (",", rest),
            (_, Language::En) => (".", rest),
        };
        format!("{sign}{}{mark}{rest}", groups.join("\u{a0}"))
    }

    /// The numbers, with the levels under them.
    pub(super) fn table(&self, lang: Language) -> Table {
        let number = |number: i64| self.shown(number, lang);
        let has_intervals =
            self.points.iter().any(|point| matches!(point.value, Value::Number(_, Some(_))));
        let row = |point: &Point| match &point.value {
            Value::Number(value, interval) => {
                let ends = interval.map(|(low, high)| format!("{}–{}", number(low), number(high)));
                vec![point.label.clone(), number(*value), ends.unwrap_or_default()]
            }
            Value::Missing(why) => vec![point.label.clone(), why.clone()],
        };
        let numbers = match lang {
            Language::Sv => "siffrorna",
            Language::En => "the numbers",
        };
        let heads = [(&self.point_head, false), (&self.value_head, true)];
        let interval = has_intervals.then_some((&self.interval_head, true));
        let head = |(text, numeric): (&String, bool)| Head { text: text.clone(), numeric };
        Table {
            caption: format!("{}: {numbers}", self.caption),
            heads: heads.into_iter().chain(interval).map(head).collect(),
            rows: self.points.iter().map(row).collect(),
            sums: self.levels.iter().map(|it| vec![it.label.clone(), number(it.value)]).collect(),
        }
    }

    /// An axis with few and round lines that reaches over every number. Bars begin at zero, and so does a line whose numbers are not
    /// all in the upper half of what it would reach over.
    pub(super) fn axis(&self) -> Axis {
        let of_point = |point: &Point| match &point.value {
            Value::Number(value, interval) => {
                let (low, high) = interval.unwrap_or((*value, *value));
                vec![*value, low, high]
            }
            Value::Missing(_) => Vec::new(),
        };
        let asked = self.axis.map(|(low, high)| vec![low, high]);
        let levels = self.levels.iter().map(|level| level.value);
        let all =
            self.points.iter().flat_map(of_point).chain(levels).chain(asked.into_iter().flatten());
        let all: Vec<i128> = all.map(i128::from).collect();
        let least = all.iter().copied().min().unwrap_or(0);
        let most = all.iter().copied().max().unwrap_or(0);
        let is_from_zero = self.axis.is_none() && least >= 0 && least * 2 <= most;
        let is_over_zero = self.shape == Shape::Bars || is_from_zero;
        let (least, most) = if is_over_zero { (least.min(0), most.max(0)) } else { (least, most) };
        let step = step(most - least);
        let low = least.div_euclid(step) * step;
        let high = most + (-most).rem_euclid(step);
        Axis { low, high: high.max(low + step), step }
    }
}

/// The least of 1, 2, 5, 10, 20 … that gives at most five steps.
fn step(span: i128) -> i128 {
    let mut ten = 1;
    loop {
        for step in [ten, 2 * ten, 5 * ten] {
            if span <= 5 * step {
                return step;
            }
        }
        ten *= 10;
    }
}

/// Digits are ASCII.
fn as_text(digits: &[u8]) -> &str {
    std::str::from_utf8(digits).unwrap_or_default()
}

impl Axis {
    /// How far from its beginning a number lies, as a share of the whole.
    pub fn share(self, number: impl Into<i128>) -> f32 {
        let (from, whole) = (number.into() - self.low, self.high - self.low);
        (from as f64 / whole as f64) as f32
    }

    /// The numbers of its lines.
    pub fn lines(self) -> impl Iterator<Item = i128> {
        let count = (self.high - self.low) / self.step;
        (0..=count).map(move |at| self.low + at * self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(shape: Shape, decimals: u8, numbers: &[i64]) -> Figure {
        let value = |number: &i64| Value::Number(*number, None);
        let points = numbers.iter().map(|it| Point { label: String::new(), value: value(it) });
        Figure {
            caption: String::new(),
            alt: String::new(),
            shape,
            point_head: String::new(),
            value_head: String::new(),
            interval_head: String::new(),
            decimals,
            axis: None,
            points: points.collect(),
            levels: Vec::new(),
        }
    }

    #[test]
    fn numbers_have_their_decimals_and_groups_of_three() {
        let shown =
            |decimals, number: i64| of(Shape::Line, decimals, &[]).shown(number, Language::Sv);
        assert_eq!(shown(1, 712), "71,2");
        assert_eq!(shown(2, -5), "\u{2212}0,05");
        assert_eq!(shown(0, 1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(of(Shape::Line, 1, &[]).shown(12_345, Language::En), "1\u{a0}234.5");
    }

    #[test]
    fn an_axis_has_at_most_six_round_lines_and_reaches_over_all() {
        let axis = |shape, numbers: &[i64]| {
            let Axis { low, high, step } = of(shape, 0, numbers).axis();
            (low, high, step)
        };
        assert_eq!(axis(Shape::Line, &[71, 78, 74]), (70, 78, 2));
        assert_eq!(axis(Shape::Line, &[10, 78]), (0, 80, 20));
        assert_eq!(axis(Shape::Bars, &[71, 78]), (0, 80, 20));
        assert_eq!(axis(Shape::Bars, &[-3, -9]), (-10, 0, 2));
        assert_eq!(axis(Shape::Line, &[0]), (0, 1, 1));
        assert_eq!(axis(Shape::Line, &[]), (0, 1, 1));
        let widest = of(Shape::Line, 0, &[i64::MIN, i64::MAX]).axis();
        assert!(widest.lines().count() <= 7 && widest.share(i64::MAX) <= 1.0);
    }
}
