//! Days, months, half-open periods and the Swedish calendar of reporting deadlines.
//!
//! Owns: [`Day`], [`Month`], [`Period`], and the weekdays that reporting and settlement go by.
//! Does not own: what "today" is; the caller passes it.
//!
//! `Day::parse("2023-01-31")` is the 31st of January 2023; `Period` is `[from, until)`.

use std::fmt;

/// A civil day, counted from 1970-01-01; years 0001–9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// Before every day: "since always".
    pub const MIN: Self = Self(i32::MIN);
    /// After every day: "until further notice".
    pub const MAX: Self = Self(i32::MAX);

    /// The day of the Gregorian calendar, if there is one.
    pub fn new(year: i32, month: i32, day: i32) -> Option<Self> {
        let exists = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        exists.then(|| Self(days_from_civil(year, month, day)))
    }

    /// Reads `2023-01-31`, exactly ten characters.
    pub fn parse(text: &str) -> Option<Self> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return None };
        let year = number(&[y1, y2, y3, y4])?;
        Self::new(year, number(&[m1, m2])?, number(&[d1, d2])?)
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day that is `number` days after 1970-01-01.
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// `days` later (earlier if negative); the two ends stay where they are.
    pub fn plus(self, days: i32) -> Self {
        if self == Self::MIN || self == Self::MAX { self } else { Self(self.0 + days) }
    }

    /// Year, month (1–12) and day of the month.
    pub fn civil(self) -> (i32, i32, i32) {
        // Howard Hinnant's civil_from_days, proleptic Gregorian.
        let z = i64::from(self.0) + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let narrow = |value: i64| i32::try_from(value).unwrap_or(i32::MAX);
        (narrow(year), narrow(month), narrow(day))
    }

    /// The month that the day is in.
    pub fn month(self) -> Month {
        let (year, month, _) = self.civil();
        Month(year * 12 + month - 1)
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.civil().0
    }

    /// 0 is Monday, 6 is Sunday.
    pub const fn weekday(self) -> i32 {
        (self.0 + 3).rem_euclid(7)
    }

    /// Whether it is neither a Saturday, a Sunday nor a Swedish public holiday
    /// (lagen 1989:253 om allmänna helgdagar; the eves are not public holidays).
    pub fn is_working_day(self) -> bool {
        self.weekday() < 5 && !self.is_public_holiday()
    }

    fn is_public_holiday(self) -> bool {
        let (year, month, day) = self.civil();
        let fixed = matches!((month, day), (1, 1) | (1, 6) | (5, 1) | (12, 25) | (12, 26))
            || ((month, day) == (6, 6) && year >= 2005);
        let from_easter = easter(year).map(|easter| self.0 - easter.0);
        // Good Friday, Easter Monday, Ascension Day; the other movable ones are weekend days.
        fixed || matches!(from_easter, Some(-2 | 1 | 39))
    }
}

/// `2023-01-31`; nothing for the two ends.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::MIN || *self == Self::MAX {
            return Ok(());
        }
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i32::from(digit - b'0'))
    })
}

fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Howard Hinnant's days_from_civil; compared with jiff's calendar in the tests.
fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Easter Sunday by the anonymous Gregorian algorithm.
fn easter(year: i32) -> Option<Day> {
    let golden = year % 19;
    let (century, rest) = (year / 100, year % 100);
    let skipped = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - skipped + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    Day::new(year, days / 31, days % 31 + 1)
}

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// Reads `2023-01`.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 7).then(|| Day::parse(&format!("{text}-01")))?.map(Day::month)
    }

    /// Month `month` (1–12) of `year`.
    pub fn new(year: i32, month: i32) -> Option<Self> {
        Day::new(year, month, 1).map(Day::month)
    }

    /// Months since year 0; consecutive months differ by one.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The inverse of [`Month::number`].
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// `months` later.
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// The calendar year.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 1–12.
    pub const fn of_year(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// The first day.
    pub fn first_day(self) -> Day {
        Day(days_from_civil(self.year(), self.of_year(), 1))
    }

    /// The last day.
    pub fn last_day(self) -> Day {
        self.plus(1).first_day().plus(-1)
    }

    /// The last working day: contacts reported by its end count in the month's settlement.
    /// Source: vardgivarguiden.se, "Fakturera".
    pub fn reporting_deadline(self) -> Day {
        let mut day = self.last_day();
        while !day.is_working_day() {
            day = day.plus(-1);
        }
        day
    }

    /// The third working day of the following month, when the invoice base is ready at the
    /// earliest. Source: vardgivarguiden.se, "Fakturera".
    pub fn settlement_day(self) -> Day {
        let mut day = self.plus(1).first_day();
        let mut working_days = i32::from(day.is_working_day());
        while working_days < 3 {
            day = day.plus(1);
            working_days += i32::from(day.is_working_day());
        }
        day
    }
}

/// `2023-01`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.of_year())
    }
}

/// The days from `from` up to but not including `until` (giltighetstid); empty where they meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The first day after.
    pub until: Day,
}

impl Period {
    /// Every day.
    pub const ALWAYS: Self = Self { from: Day::MIN, until: Day::MAX };

    /// From inclusive ends as files have them (fr.o.m., t.o.m.); an open end is `None`.
    pub fn inclusive(from: Option<Day>, to: Option<Day>) -> Self {
        Self { from: from.unwrap_or(Day::MIN), until: to.map_or(Day::MAX, |to| to.plus(1)) }
    }

    /// The last day, or `None` where there is no end.
    pub fn last(self) -> Option<Day> {
        (self.until != Day::MAX).then(|| self.until.plus(-1))
    }

    /// Whether `day` is one of the days.
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day < self.until
    }

    /// Whether there is no day in it.
    pub fn is_empty(self) -> bool {
        self.until <= self.from
    }

    /// The days in both.
    pub fn and(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// Whether some day is in both.
    pub fn overlaps(self, other: Self) -> bool {
        !self.and(other).is_empty()
    }

    /// The months whose first day is in the period and not after `through`.
    pub fn month_starts(self, through: Day) -> impl Iterator<Item = Month> {
        let bounded = self.and(Self::inclusive(None, Some(through)));
        let first = if bounded.is_empty() || bounded.from == Day::MIN {
            None
        } else {
            let month = bounded.from.month();
            Some(if month.first_day() < bounded.from { month.plus(1) } else { month })
        };
        let mut next = first;
        std::iter::from_fn(move || {
            let month = next.filter(|month| month.first_day() < bounded.until)?;
            next = Some(month.plus(1));
            Some(month)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn days_agree_with_another_calendar() {
        let mut date = jiff::civil::date(1, 1, 1);
        let mut expected = day("0001-01-01");
        while date.year() < 9999 {
            let (y, m, d) =
                (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
            assert_eq!(expected.civil(), (y, m, d));
            assert_eq!(Day::new(y, m, d), Some(expected));
            let weekday = i32::from(date.weekday().to_monday_zero_offset());
            assert_eq!(expected.weekday(), weekday);
            let step = 1 + (y % 40);
            date = date.checked_add(jiff::Span::new().days(step)).unwrap();
            expected = expected.plus(step);
        }
    }

    #[test]
    fn only_days_that_exist_are_read() {
        assert_eq!(day("2024-02-29").to_string(), "2024-02-29");
        for wrong in ["2023-02-29", "2023-13-01", "2023-1-01", "20230101", "2023-01-00", "x"] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Month::parse("2023-01").unwrap().to_string(), "2023-01");
        assert_eq!(Month::parse("2023-1"), None);
    }

    #[test]
    fn deadlines_follow_swedish_holidays() {
        let month = |text| Month::parse(text).unwrap();
        assert_eq!(month("2021-01").reporting_deadline(), day("2021-01-29"));
        // 1 May 2021 is a Saturday; Monday the 3rd is the first working day.
        assert_eq!(month("2021-04").settlement_day(), day("2021-05-05"));
        // New Year's Day, a weekend and Epiphany.
        assert_eq!(month("2022-12").settlement_day(), day("2023-01-04"));
        assert_eq!(month("2020-12").settlement_day(), day("2021-01-07"));
        // Easter Monday is 1 April 2024; Good Friday 29 March.
        assert_eq!(month("2024-03").reporting_deadline(), day("2024-03-28"));
        assert_eq!(month("2024-03").settlement_day(), day("2024-04-04"));
        // Ascension Day 2022-05-26, National Day 2023-06-06.
        assert!(!day("2022-05-26").is_working_day());
        assert!(!day("2023-06-06").is_working_day());
        assert_eq!(month("2023-05").settlement_day(), day("2023-06-05"));
    }

    #[test]
    fn month_starts_within_a_period() {
        let period = Period::inclusive(Some(day("2023-01-02")), Some(day("2023-03-01")));
        let starts: Vec<String> = period.month_starts(Day::MAX).map(|m| m.to_string()).collect();
        assert_eq!(starts, ["2023-02", "2023-03"]);
        assert_eq!(period.month_starts(day("2023-02-28")).count(), 1);
        assert_eq!(Period::ALWAYS.month_starts(day("2023-02-28")).count(), 0);
    }
}
