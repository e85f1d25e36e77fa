//! Files of places: by team and due month.
//!
//! Owns: their columns and fields. Does not own: what they are compared with (`follow::need::chain`).

use super::sheet::{Column, Fault, Row, rows};
use crate::data::Care;
use crate::failure::Failure;
use follow::need::chain::{Doubt, Event, Places};
use kernel::finding::{Code, Text};
use kernel::intake::read_whole;
use kernel::time::Month;
use std::collections::BTreeMap;

pub(super) const COLUMNS: [Column; 4] = [
    Column { name: "team", aliases: &["lag", "barnmorsketeam"], is_compulsory: true },
    Column { name: "month", aliases: &["månad"], is_compulsory: true },
    Column { name: "midwives", aliases: &["barnmorskor"], is_compulsory: true },
    Column { name: "women", aliases: &["platser", "kvinnor"], is_compulsory: true },
];

/// Enters a file of places, all of it or nothing.
pub fn state(care: &mut Care, (name, bytes): (&str, &[u8]), by: &str) -> Result<usize, Failure> {
    let rows = rows(name, bytes, &COLUMNS)?;
    let (mut events, mut faults) = (Vec::new(), Vec::new());
    let mut lines: BTreeMap<(Month, String), u32> = BTreeMap::new();
    for row in &rows {
        match places(row).and_then(|places| once(places, row, &mut lines)) {
            Ok(places) => events.push(places),
            Err(mut finding) => {
                name.clone_into(&mut finding.file);
                faults.push(*finding);
            }
        }
    }
    if !faults.is_empty() {
        let text = Text::new(
            "platserna går inte att läsa; inget är sparat, rätta raderna",
            "the places cannot be read; nothing is kept, mend the rows",
        );
        return Err(Failure::Refused(text, faults));
    }
    let is_new = |places: &Places| {
        care.chain.places.get(&(places.month, places.team.clone())) != Some(places)
    };
    let events: Vec<Event> = events.into_iter().filter(is_new).map(Event::Places).collect();
    let count = events.len();
    if count > 0 {
        care.keep(events, by)?;
    }
    Ok(count)
}

/// A file states a team and month once: of two statements nobody can tell which is meant.
fn once(
    places: Places,
    row: &Row,
    lines: &mut BTreeMap<(Month, String), u32>,
) -> Result<Places, Fault> {
    let (month, team) = (places.month, places.team.clone());
    match lines.insert((month, team.clone()), row.line) {
        None => Ok(places),
        Some(first) => {
            let sv = format!(
                "platserna för team `{team}` i {month} står redan på rad {first}; ta bort den ena raden"
            );
            let en = format!(
                "the places of team `{team}` in {month} stand on line {first} already; leave one of the lines out"
            );
            Err(row.fault(Code::BadValue, "month", &sv, &en))
        }
    }
}

fn places(row: &Row) -> Result<Places, Fault> {
    let team = row.cell("team");
    if team.is_empty() {
        return Err(row.fault(Code::MissingField, "team", "skriv teamets namn", "name the team"));
    }
    let month = Month::parse(row.cell("month")).ok_or_else(|| {
        let (sv, en) = ("här väntas en månad som 2024-05", "a month such as 2024-05 is expected");
        row.fault(Code::BadValue, "month", sv, en)
    })?;
    let count = |name: &'static str| {
        let number = read_whole(row.cell(name)).and_then(|number| u32::try_from(number).ok());
        number.filter(|number| *number <= 1_000).ok_or_else(|| {
            let (sv, en) = ("här väntas ett heltal 0–1000", "a whole number 0–1000 is expected");
            row.fault(Code::BadValue, name, sv, en)
        })
    };
    Ok(Places {
        team: team.to_owned(),
        month,
        midwives: count("midwives")?,
        women: count("women")?,
    })
}

/// A doubt about places in words.
pub fn doubt(doubt: &Doubt) -> Text {
    match doubt {
        Doubt::TeamSize { team, month, midwives } => Text::new(
            format!(
                "teamet `{team}`: {midwives} barnmorskor i {month} är inget team enligt beslutet"
            ),
            format!(
                "team `{team}` has {midwives} midwives in {month}, which is no team by the decision"
            ),
        ),
        Doubt::TooManyWomen { team, from, women } => Text::new(
            format!(
                "teamet `{team}`: {women} kvinnor på tolv månader från {from} är fler än beslutet räknar med per barnmorska"
            ),
            format!(
                "team `{team}` takes {women} women in twelve months from {from}, more than the decision counts on for each midwife"
            ),
        ),
    }
}
