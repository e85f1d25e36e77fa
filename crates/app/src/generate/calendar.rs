//! Days of the span, prepared: their texts and the working days around them.
//!
//! Owns: speed only; what a working day is, `kernel::time` says.

use kernel::time::{Day, Month};

/// The prepared days of some months.
pub(super) struct Calendar {
    first: i32,
    days: Vec<Prepared>,
}

struct Prepared {
    text: [u8; 10],
    next: Day,
    previous: Day,
    deadline: Day,
}

impl Calendar {
    /// From the first day of `from` through the last of `to`. Days outside are worked out when asked for.
    pub(super) fn new(from: Month, to: Month) -> Self {
        let first = from.first_day();
        let count = to.last_day().number() - first.number() + 1;
        Self { first: first.number(), days: (0..count).map(|n| prepare(first.plus(n))).collect() }
    }

    fn prepared(&self, day: Day) -> Option<&Prepared> {
        self.days.get(usize::try_from(day.number() - self.first).ok()?)
    }

    /// `day`, or the first working day after it.
    pub(super) fn working_day(&self, day: Day) -> Day {
        self.prepared(day).map_or_else(|| next_working(day), |day| day.next)
    }

    /// `day`, or the last working day before it.
    pub(super) fn working_day_before(&self, day: Day) -> Day {
        self.prepared(day).map_or_else(|| previous_working(day), |day| day.previous)
    }

    /// The last day to report for the settlement of the day's month.
    pub(super) fn deadline(&self, day: Day) -> Day {
        self.prepared(day).map_or_else(|| day.month().reporting_deadline(), |day| day.deadline)
    }

    /// `2023-01-31`.
    pub(super) fn text(&self, day: Day) -> [u8; 10] {
        self.prepared(day).map_or_else(|| text(day), |day| day.text)
    }
}

fn prepare(day: Day) -> Prepared {
    Prepared {
        text: text(day),
        next: next_working(day),
        previous: previous_working(day),
        deadline: day.month().reporting_deadline(),
    }
}

fn text(day: Day) -> [u8; 10] {
    let (year, month, of_month) = day.civil();
    let digit = |number: i32| b'0' + (number % 10) as u8;
    let mut text = *b"0000-00-00";
    for (place, number) in [
        (0, year / 1000),
        (1, year / 100),
        (2, year / 10),
        (3, year),
        (5, month / 10),
        (6, month),
        (8, of_month / 10),
        (9, of_month),
    ] {
        text[place] = digit(number);
    }
    text
}

fn next_working(mut day: Day) -> Day {
    while !day.is_working_day() {
        day = day.plus(1);
    }
    day
}

fn previous_working(mut day: Day) -> Day {
    while !day.is_working_day() {
        day = day.plus(-1);
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prepared_days_are_as_the_kernel_says() {
        let month = |text| Month::parse(text).unwrap();
        let calendar = Calendar::new(month("2023-03"), month("2023-05"));
        for text in ["2023-02-28", "2023-04-07", "2023-04-09", "2023-05-31", "2023-06-03"] {
            let day = Day::parse(text).unwrap();
            assert_eq!(&calendar.text(day), text.as_bytes());
            assert_eq!(calendar.working_day(day), next_working(day));
            assert_eq!(calendar.working_day_before(day), previous_working(day));
            assert_eq!(calendar.deadline(day), day.month().reporting_deadline());
        }
    }
}
