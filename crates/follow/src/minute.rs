//! Instants to the minute, and Swedish clock time.
//!
//! Owns: [`Minute`], and how `2023-03-26T01:30` is read. Does not own: what "now" is.
//!
//! Clock time in Sweden is UTC+1, and UTC+2 from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
//! (SFS 2001:127 follows directive 2000/84/EC). `2023-10-29T02:30` occurs twice, so it needs an offset: `2023-10-29T02:30+01:00`.

use kernel::time::Day;

/// An instant: whole minutes since 1970-01-01T00:00 UTC. Differences are elapsed minutes, also over a change of clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minute(i64);

/// Why a text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoMinute {
    /// Not `2023-01-31T14:05`, with or without seconds or an offset.
    Form,
    /// A clock time that the spring change leaves out.
    Skipped,
    /// A clock time that occurs twice in autumn, without an offset.
    Twice,
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

impl Minute {
    /// The instant so many minutes after 1970-01-01T00:00 UTC.
    pub const fn from_number(minutes: i64) -> Self {
        Self(minutes)
    }

    /// Minutes since 1970-01-01T00:00 UTC.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// Elapsed minutes from `earlier` to this one; negative if it is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// So many minutes later.
    pub const fn plus(self, minutes: i64) -> Self {
        Self(self.0 + minutes)
    }

    /// The instant of a Swedish clock time. Errors where there is none or there are two.
    pub fn of_clock(day: Day, minute_of_day: i64) -> Result<Self, NoMinute> {
        let clock = i64::from(day.number()) * DAY + minute_of_day;
        let fits = |offset: i64| {
            let instant = Self(clock - offset);
            (instant.offset() == offset).then_some(instant)
        };
        match (fits(2 * HOUR), fits(HOUR)) {
            (Some(instant), None) | (None, Some(instant)) => Ok(instant),
            (None, None) => Err(NoMinute::Skipped),
            (Some(_), Some(_)) => Err(NoMinute::Twice),
        }
    }

    /// Reads `2023-01-31T14:05` (or a space for the T; seconds are dropped) as Swedish clock time, or with `Z`, `+01:00`, `+02:00` as said.
    pub fn parse(text: &str) -> Result<Self, NoMinute> {
        let (day, rest) = text.split_at_checked(10).ok_or(NoMinute::Form)?;
        let day = Day::parse(day).ok_or(NoMinute::Form)?;
        let clock = rest.strip_prefix(['T', ' ']).ok_or(NoMinute::Form)?;
        let (clock, offset) = split_offset(clock)?;
        let minute = minute_of_day(clock).ok_or(NoMinute::Form)?;
        match offset {
            None => Self::of_clock(day, minute),
            // Those of Swedish clocks and of UTC; any other is hardly meant.
            Some(offset) if [0, HOUR, 2 * HOUR].contains(&offset) => {
                Ok(Self(i64::from(day.number()) * DAY + minute - offset))
            }
            Some(_) => Err(NoMinute::Form),
        }
    }

    /// Minutes that Swedish clocks are ahead of UTC: 60 or 120.
    pub fn offset(self) -> i64 {
        let day = Day::from_number(i32::try_from(self.0.div_euclid(DAY)).unwrap_or(i32::MAX));
        let year = day.year();
        let change = |month| Some(i64::from(last_sunday(year, month)?.number()) * DAY + HOUR);
        let in_summer = change(3)
            .zip(change(10))
            .is_some_and(|(spring, autumn)| (spring..autumn).contains(&self.0));
        if in_summer { 2 * HOUR } else { HOUR }
    }

    /// The Swedish day.
    pub fn day(self) -> Day {
        let local = self.0 + self.offset();
        Day::from_number(i32::try_from(local.div_euclid(DAY)).unwrap_or(i32::MAX))
    }

    /// Minutes after midnight by Swedish clocks, 0–1439.
    pub fn minute_of_day(self) -> i64 {
        (self.0 + self.offset()).rem_euclid(DAY)
    }

    /// The hour by Swedish clocks, 0–23.
    pub fn hour(self) -> i64 {
        self.minute_of_day() / HOUR
    }
}

impl std::fmt::Display for Minute {
    /// `2023-01-31T14:05+01:00`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (clock, offset) = (self.minute_of_day(), self.offset());
        write!(f, "{}T{:02}:{:02}+{:02}:00", self.day(), clock / HOUR, clock % HOUR, offset / HOUR)
    }
}

fn last_sunday(year: i32, month: i32) -> Option<Day> {
    let last = Day::new(year, month, 31)?;
    Some(last.plus(-(last.weekday() + 1).rem_euclid(7)))
}

/// The clock time and its offset in minutes, if one is said.
fn split_offset(text: &str) -> Result<(&str, Option<i64>), NoMinute> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Ok((clock, Some(0)));
    }
    let Some((at, sign)) = text.char_indices().find(|(_, c)| matches!(c, '+' | '-')) else {
        return Ok((text, None));
    };
    let (clock, offset) = text.split_at(at);
    let minutes = minute_of_day(offset.get(1..).unwrap_or("")).ok_or(NoMinute::Form)?;
    Ok((clock, Some(if sign == '-' { -minutes } else { minutes })))
}

/// Minutes of `14:05` or `14:05:59`; 24:00 is none.
fn minute_of_day(text: &str) -> Option<i64> {
    let number = |part: &str, end: i64| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|value| digits && *value < end)
    };
    let mut parts = text.split(':');
    let hour = number(parts.next()?, 24)?;
    let minute = number(parts.next()?, 60)?;
    if let Some(second) = parts.next() {
        number(second, 60)?;
    }
    parts.next().is_none().then_some(hour * HOUR + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(text: &str) -> Minute {
        Minute::parse(text).unwrap()
    }

    #[test]
    fn a_night_of_changing_clocks_is_23_or_25_hours() {
        let spring = minute("2023-03-26T12:00").since(minute("2023-03-25T12:00"));
        let autumn = minute("2023-10-29T12:00").since(minute("2023-10-28T12:00"));
        assert_eq!((spring, autumn), (23 * 60, 25 * 60));
    }

    #[test]
    fn hours_that_are_skipped_or_occur_twice_are_told() {
        assert_eq!(Minute::parse("2023-03-26T02:30"), Err(NoMinute::Skipped));
        assert_eq!(Minute::parse("2023-10-29T02:30"), Err(NoMinute::Twice));
        let first = minute("2023-10-29T02:30+02:00");
        let second = minute("2023-10-29T02:30+01:00");
        assert_eq!(second.since(first), 60);
        assert_eq!(second, minute("2023-10-29T01:30Z"));
        assert_eq!(second.to_string(), "2023-10-29T02:30+01:00");
        assert_eq!((first.hour(), first.day()), (2, Day::parse("2023-10-29").unwrap()));
    }

    #[test]
    fn other_texts_are_no_instants() {
        for text in [
            "",
            "2023-01-31",
            "2023-01-31T24:00",
            "2023-01-31T9:00",
            "2023-02-29T09:00",
            "2023-01-31T09:00+1",
            "2023-01-31T09:00+07:00",
            "2023-01-31T09:00-01:00",
        ] {
            assert_eq!(Minute::parse(text), Err(NoMinute::Form), "{text}");
        }
        assert_eq!(minute("2023-01-31 09:05:30"), minute("2023-01-31T09:05"));
    }
}
