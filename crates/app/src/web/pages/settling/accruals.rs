//! Upplupet: what proposals and unreported care may cost, accrued and released.

use super::books_only;
use crate::commands::accrue::{
    Liability, of_proposal, of_unreported, refuse_past, refuse_twice, refuse_twice_for,
};
use crate::commands::books::New;
use crate::data::DataFolder;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::form::Form;
use crate::web::page::{Answer, Block, Page};
use crate::web::pages::statement::month_name;
use crate::web::query::{Query, encoded};
use crate::web::rights::Right;
use crate::web::route::Done;
use crate::web::table::{Cell, Table, money, text};
use crate::web::work::{Found, found};
use crate::words;
use kernel::fact::Status;
use kernel::journal::{Accrual, DeedKind, Row};
use kernel::money::Money;
use kernel::time::Month;
use std::sync::Arc;

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum About {
    Proposal(String),
    Unreported(Month),
}

impl About {
    fn of(query: &Query) -> Option<Self> {
        let proposal = query.value("forslag").map(|id| Self::Proposal(id.to_owned()));
        proposal.or_else(|| query.value("manad").and_then(Month::parse).map(Self::Unreported))
    }

    fn liability(&self, data: &mut DataFolder) -> Result<Liability, Failure> {
        match self {
            Self::Proposal(id) => of_proposal(data, id, None),
            Self::Unreported(month) => of_unreported(data, *month),
        }
    }
}

/// Shows what is accrued and what can be.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    books_only(ask)?;
    let lead = ask.say(
        "Kostnad för vård som är given men inte avräknad: förslag som kan bli beslut, och vård som inte är rapporterad än.",
        "Cost of care that was given but is not settled: proposals that may be decided, and care that is not reported yet.",
    );
    let mut page = Page::new(ask.say("Upplupet", "Accruals")).lead(lead);
    if let Some(about) = About::of(&ask.query).or_else(|| About::of(&ask.typed)) {
        let place = Arc::clone(&ask.place);
        let wanted = about.clone();
        let made = found(ask, &format!("upplupet {about:?}"), move || {
            wanted.liability(&mut place.data.apart()?)
        })?;
        page = match made {
            Found::Waits(page) => {
                return Ok(page
                    .under(ask.say("Upplupet", "Accruals"), "/avrakning/upplupet")
                    .into());
            }
            Found::Made(liability) => expected(ask, page, &about, &liability),
        };
    }
    let page = page.with(proposals(ask)).maybe(unreported(ask)).with(accrued(ask));
    let page = page.under(ask.say("Avräkning", "Settlement"), "/avrakning");
    Ok(releases(ask, page).into())
}

fn expected(ask: &Ask, page: Page, about: &About, liability: &Liability) -> Page {
    let labels = &ask.place.labels;
    let row = |row: &Row| {
        let month = row.care_month.map_or_else(String::new, |month| month.to_string());
        vec![
            labels.unit(&row.unit).into(),
            labels.element(&row.element).into(),
            month.into(),
            row.amount.into(),
        ]
    };
    let columns = vec![
        text("unit", "Enhet", "Unit"),
        text("element", "Ersättningsslag", "Element"),
        text("care_month", "Vårdmånad", "Month of care"),
        money("amount_ore", "Väntas", "Expected").summed(),
    ];
    let total = liability.total();
    let facts = vec![
        (ask.say("Väntas (kr)", "Expected (kr)").to_owned(), Cell::from(total)),
        (ask.say("Lägst (kr)", "At least (kr)").to_owned(), Cell::from(liability.low)),
        (ask.say("Högst (kr)", "At most (kr)").to_owned(), Cell::from(liability.high)),
    ];
    let caption = ask.say("Vad som väntas, enhet för enhet", "What is expected, unit by unit");
    let table = Table::new("vantat", caption, columns)
        .rows(liability.rows.iter().map(row))
        .empty(ask.say("Inget väntas.", "Nothing is expected."))
        .origin(ask.place.origin());
    let heading = match about {
        About::Proposal(id) => format!("{} {id}", ask.say("Förslaget", "The proposal")),
        About::Unreported(month) => {
            let told = ask.say(
                "Vård till och med {} som inte är rapporterad än",
                "Care through {} that is not reported yet",
            );
            told.replace("{}", &month_name(ask, *month))
        }
    };
    let page =
        page.heading(format!("{heading} ({})", liability.id)).with(Block::Facts(facts)).with(table);
    if !ask.may(Right::Book) || liability.rows.is_empty() {
        return page;
    }
    let button = format!("{} {total}", ask.say("Bokför som upplupet:", "Book as accrued:"));
    let (name, value) = match about {
        About::Proposal(id) => ("forslag", id.clone()),
        About::Unreported(month) => ("manad", month.to_string()),
    };
    page.with(
        Form::new("/avrakning/upplupet", button)
            .hidden(name, &value)
            .hidden("total", &total.ore().to_string())
            .binding(),
    )
}

fn proposals(ask: &Ask) -> Table {
    let log = ask.place.data.register().log().iter();
    let pending = log.filter(|one| one.decision.status == Status::Proposed);
    let rows = pending.map(|one| {
        let id = one.decision.id.as_str();
        let show = ask.say("Visa vad det kan kosta", "Show what it may cost");
        vec![
            Cell::from(id).to(format!("/beslut/{}", encoded(id))),
            Cell::from(one.decision.known_from.to_string()),
            Cell::from(show).to(format!("/avrakning/upplupet?forslag={}", encoded(id))),
        ]
    });
    let columns = vec![
        text("decision", "Förslag", "Proposal"),
        text("known_from", "Känt fr.o.m.", "Known from"),
        text("show", "Kostnad", "Cost"),
    ];
    Table::new(
        "forslag",
        ask.say("Förslag som inte är beslutade", "Proposals not decided"),
        columns,
    )
    .rows(rows)
    .empty(ask.say(
        "Här står förslag som är registrerade men inte beslutade.",
        "Proposals that are recorded but not decided stand here.",
    ))
    .short()
}

/// Unreported care of the last settled month.
fn unreported(ask: &Ask) -> Option<Block> {
    let last = ask.place.data.settlements().last()?.booked.month;
    let text = ask
        .say(
            "Vad vård t.o.m. {} ännu väntar på, enligt tidigare förseningar",
            "What care through {} still waits for, by earlier delays",
        )
        .replace("{}", &month_name(ask, last));
    Some(Block::Links(vec![(text, format!("/avrakning/upplupet?manad={last}"))]))
}

fn amount(accrual: &Accrual) -> Money {
    accrual.rows.iter().map(|row| row.amount).sum()
}

fn accrued(ask: &Ask) -> Table {
    let row = |(id, accrual): (&String, &Accrual)| {
        let state = match accrual.is_released {
            true => Cell::of(ask.say("återfört", "released"), "true"),
            false => Cell::of(ask.say("gäller", "live"), "false"),
        };
        vec![
            id.as_str().into(),
            accrual.on.to_string().into(),
            state,
            accrual.note.as_str().into(),
            amount(accrual).into(),
        ]
    };
    let columns = vec![
        text("id", "Upplupet", "Accrual"),
        text("on", "Dag", "On"),
        text("released", "Läge", "State"),
        text("note", "Not", "Note"),
        money("amount_ore", "Belopp", "Amount"),
    ];
    let accruals = &ask.place.data.journal().accruals;
    Table::new("upplupet", ask.say("Bokfört som upplupet", "Booked as accrued"), columns)
        .rows(accruals.iter().map(row))
        .empty(ask.say("Inget är bokfört som upplupet.", "Nothing is booked as accrued."))
        .origin(ask.place.origin())
}

fn releases(ask: &Ask, page: Page) -> Page {
    if !ask.may(Right::Book) {
        return page;
    }
    let accruals = ask.place.data.journal().accruals.iter();
    let live: Vec<(String, String)> = accruals
        .filter(|(_, one)| !one.is_released)
        .map(|(id, one)| (id.clone(), format!("{id}: {}", amount(one))))
        .collect();
    if live.is_empty() {
        return page;
    }
    let label = ask.say("Återför", "Release");
    let field = crate::web::form::Field::new(
        ask,
        "accrual",
        label,
        crate::web::form::Input::Choice(live),
        "",
    );
    let button = ask.say("Återför hela beloppet", "Release the whole amount");
    page.with(Form::new("/avrakning/upplupet/aterfor", button).field(field).binding())
}

/// Books what was shown as accrued.
pub(super) fn book(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let Some(about) = About::of(&ask.typed) else { return Err(Failure::NotThere) };
    match &about {
        About::Proposal(id) => refuse_twice_for(data, id)?,
        About::Unreported(month) => {
            refuse_twice(data)?;
            refuse_past(data, *month)?;
        }
    }
    let liability = about.liability(data)?;
    let total = liability.total();
    if ask.typed.given("total") != total.ore().to_string() {
        return Err(Failure::refused(
            format!("beloppet är nu {total}, inte det som visades; se på det igen"),
            format!("the amount is now {total}, not the one that was shown; look at it again"),
        ));
    }
    liability.book(data, &ask.user.name, None)?;
    let what = ask.of(&words::deed(DeedKind::Accrue));
    Ok(Done::new("/avrakning/upplupet", format!("{what}: {} {total}.", liability.id)))
}

/// Releases an accrual whole.
pub(super) fn release(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let subject = ask.typed.given("accrual");
    let new = New { kind: DeedKind::Release, subject, by: &ask.user.name, note: "", on: None };
    data.act(new.deed())?;
    let what = ask.of(&words::deed(DeedKind::Release));
    Ok(Done::new("/avrakning/upplupet", format!("{what}: {subject}.")))
}
