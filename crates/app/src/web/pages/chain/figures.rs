//! What the clinics have released of the chain: the only thing of it that the region sees.
//!
//! Owns: the page. It opens no compartment and reads no key: released figures stand open.

use crate::data::Release;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Page};
use crate::web::table::{Cell, Table, count, text};

pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    let released = ask.place.data.care_released()?;
    let seen = released.iter().filter(|one| ask.sees_unit(&one.clinic));
    let lead = ask.say(
        "Antal kvinnor efter beräknat år, som klinikerna har lämnat ut. Grunder för företräde finns bara hos den mottagande kliniken. – betyder att siffran hålls inne, eftersom den skulle röja några få.",
        "Numbers of women by due year, as the clinics have released them. Grounds of priority are with the receiving clinic alone. – means that the figure is withheld, since it would give a few away.",
    );
    Ok(Page::new(ask.say("Vårdkedjan", "The care chain")).lead(lead).with(table(ask, seen)).into())
}

pub(super) fn table<'r>(ask: &Ask, released: impl Iterator<Item = &'r Release>) -> Table {
    let columns = vec![
        text("clinic", "Klinik", "Clinic"),
        text("year", "Beräknat år", "Due year"),
        count("referred", "Remitterade", "Referred"),
        count("eligible", "I målgruppen", "Eligible"),
        count("offered", "Erbjudna", "Offered"),
        count("accepted", "Tackat ja", "Accepted"),
        count("started", "Påbörjade", "Started"),
        count("kept", "Fullföljda", "Kept"),
        count("clinical", "Klinisk grund", "Clinical ground"),
        count("social_alone", "Enbart sociala grunder", "Social grounds alone"),
        count("differences", "Skillnader mot betalt", "Differences to paid"),
        text("released_at", "Utlämnat", "Released"),
    ];
    let told = |number: Option<u32>| match number {
        Some(number) => Cell::from(i64::from(number)),
        None => Cell::of("–", ""),
    };
    let rows = released.map(|one| {
        let name = ask.place.labels.unit_name(&one.clinic).unwrap_or(&one.clinic);
        let mut row = vec![Cell::of(name, &one.clinic), Cell::from(one.year.to_string())];
        row.extend(one.figures.iter().copied().map(told));
        row.push(told(one.grounds.map(|[clinical, _]| clinical)));
        row.push(told(one.grounds.map(|[_, social]| social)));
        row.push(told(one.differences));
        row.push(Cell::from(one.at.get(..10).unwrap_or_default()));
        row
    });
    Table::new("utlamnat", ask.say("Utlämnat", "Released"), columns)
        .rows(rows)
        .empty(ask.say(
            "Ingen klinik har lämnat ut något än. Kliniken gör det på sin egen sida.",
            "No clinic has released anything yet. The clinic does so on its own page.",
        ))
        .origin(ask.place.origin())
}
