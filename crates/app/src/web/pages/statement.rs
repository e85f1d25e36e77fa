//! Besked: what a unit was paid for a month, by element and contact; receipts.
//!
//! Owns: the pages from a unit's month down to its contacts. Does not own: amounts; they were computed when they were booked.

use crate::commands::bundle::checked_bundle;
use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::html::Html;
use crate::web::page::{Answer, Block, File, Page};
use crate::web::place::sums::{Sum, SumKey};
use crate::web::query::{Query, encoded};
use crate::web::rights::Right;
use crate::web::route::{Act, Route};
use crate::web::table::{Cell, Table, count, money, text};
use crate::web::work::waited;
use crate::words;
use kernel::money::Money;
use kernel::price::Marks;
use kernel::settle::Cause;
use kernel::time::Month;
use std::collections::BTreeMap;
use store::Settlement;

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/besked/{month}/{unit}", needs: Right::SeeAmounts, show: statement },
    Route { path: "/besked/{month}/{unit}/kvitto", needs: Right::SeeContacts, show: receipt },
    Route { path: "/besked/{month}/{unit}/{element}", needs: Right::SeeContacts, show: contacts },
];

/// What is done.
pub const ACTS: &[Act] = &[];

/// A month as people say it.
pub fn month_name(ask: &Ask, month: Month) -> String {
    const SV: [&str; 12] = [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ];
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let written = month.to_string();
    let (year, number) = written.split_once('-').unwrap_or((written.as_str(), "1"));
    let at = number.parse::<usize>().unwrap_or(1).saturating_sub(1);
    let names = if ask.say("sv", "en") == "sv" { SV } else { EN };
    format!("{} {year}", names.get(at).copied().unwrap_or(number))
}

/// The settlements that stand of the month that the path names.
fn settlements(ask: &Ask, month: Month) -> Result<Vec<&Settlement>, Failure> {
    let found = ask.place.data.settlements_of(month);
    if found.is_empty() { Err(missing()) } else { Ok(found) }
}

/// The unit or other recipient that the path names, if they may see it.
fn recipient(ask: &Ask) -> Result<&str, Failure> {
    let unit = ask.param("unit");
    let is_own = ask.place.has_unit(unit) && ask.sees_unit(unit);
    let is_other = !ask.place.has_unit(unit) && ask.sees_all();
    if is_own || is_other { Ok(unit) } else { Err(missing()) }
}

fn statement(ask: &Ask) -> Result<Answer, Failure> {
    let (month, unit) = (ask.month("month")?, recipient(ask)?);
    let settlements = settlements(ask, month)?;
    let sums = ask.place.sums()?;
    let mut of: Vec<(&SumKey, &Sum)> = Vec::new();
    for settlement in &settlements {
        let all = sums.of_settlement(&settlement.booked.id).iter();
        of.extend(all.filter(|(key, _)| &*key.unit == unit).map(|(key, sum)| (key, sum)));
    }
    if of.is_empty() && !ask.place.has_unit(unit) {
        return Err(missing());
    }
    let name = ask.place.labels.unit_name(unit).unwrap_or(unit).to_owned();
    let name = name.as_str();
    let is_current = |key: &SumKey| key.cause == Cause::Current && !key.shadow;
    let sum = |is_meant: &dyn Fn(&SumKey) -> bool| -> Money {
        of.iter().filter(|(key, _)| is_meant(key)).map(|(_, sum)| sum.amount).sum()
    };
    let current = sum(&is_current);
    let corrected = sum(&|key| key.cause != Cause::Current && !key.shadow);
    let shadow = sum(&|key| key.shadow);
    let ids = settlements.iter().map(|one| one.booked.id.as_str()).collect::<Vec<_>>().join(", ");
    let facts = vec![
        (ask.say("Löpande (kr)", "Current (kr)").to_owned(), Cell::from(current)),
        (ask.say("Rättelser (kr)", "Corrections (kr)").to_owned(), Cell::from(corrected)),
        (ask.say("Att betala (kr)", "To pay (kr)").to_owned(), Cell::from(current + corrected)),
        (
            ask.say("Avräkning", "Settlement").to_owned(),
            Cell::from(ids).to(format!("/avrakning/{month}")),
        ),
    ];
    let lead = ask.say(
        "Vad enheten får för månaden, slag för slag. Varje belopp leder till kontakterna bakom det.",
        "What the unit is paid for the month, element by element. Every amount leads to the contacts behind it.",
    );
    let page = Page::new(format!("{name}, {}", month_name(ask, month)))
        .under(ask.say("Avräkning", "Settlement"), "/avrakning")
        .under(month_name(ask, month), format!("/avrakning/{month}"))
        .lead(lead)
        .with(Block::Facts(facts))
        .with(currents(ask, month, unit, of.iter().filter(|(key, _)| is_current(key)).copied()))
        .maybe(corrections(ask, month, unit, &settlements, &of))
        .maybe(shadows(ask, month, unit, &of, shadow))
        .maybe(unpaid(ask, month, unit)?)
        .maybe(links(ask, month, unit));
    Ok(page.into())
}

fn marks(ask: &Ask, element: &str) -> Marks {
    ask.place.marks.get(element).copied().unwrap_or_default()
}

/// An element with its label, leading to its contacts where they may be seen.
fn element(ask: &Ask, month: Month, unit: &str, key: &SumKey, sum: &Sum) -> Cell {
    let rates = sum.rates.iter().map(|rate| &**rate);
    let cell = Cell::from(ask.place.labels.element_of(&key.element, rates));
    let label = cell.shown().rsplit_once(" (").map_or(cell.shown(), |(label, _)| label).to_owned();
    let cell = Cell::of(&label, &key.element).marked(ask.lang, marks(ask, &key.element));
    if !ask.may(Right::SeeContacts) {
        return cell;
    }
    cell.to(format!("/besked/{month}/{unit}/{}", encoded(&key.element)))
}

fn currents<'k>(
    ask: &Ask,
    month: Month,
    unit: &str,
    of: impl Iterator<Item = (&'k SumKey, &'k Sum)>,
) -> Table {
    let columns = vec![
        text("element", "Ersättningsslag", "Element"),
        text("care_month", "Vårdmånad", "Month of care"),
        text("payer", "Betalare", "Payer"),
        count("count", "Antal", "Count"),
        money("amount_ore", "Belopp", "Amount").summed(),
    ];
    let rows = of.map(|(key, sum)| {
        vec![
            element(ask, month, unit, key, sum),
            Cell::from(key.care_month.to_string()),
            ask.place.labels.payer(&key.payer).into(),
            Cell::from(sum.count),
            Cell::from(sum.amount),
        ]
    });
    let empty = ask.say("Ingen löpande ersättning i månaden.", "Nothing current in the month.");
    Table::new("slag", ask.say("Löpande ersättning", "Current pay"), columns)
        .rows(rows)
        .empty(empty)
        .origin(ask.place.origin())
}

fn corrections(
    ask: &Ask,
    month: Month,
    unit: &str,
    settlements: &[&Settlement],
    of: &[(&SumKey, &Sum)],
) -> Option<Table> {
    let meant = of.iter().filter(|(key, _)| key.cause != Cause::Current && !key.shadow);
    let all = ask.place.data.settlements();
    let first = settlements.first()?;
    let before = all.iter().take_while(|one| one.seq < first.seq).last();
    let revision = |one: &Settlement| u32::try_from(one.booked.revision).unwrap_or(u32::MAX);
    let before = before.map_or(0, revision);
    let last = settlements.last().map_or(u32::MAX, |one| revision(one));
    let news = ask.place.data.register().news(before, last);
    let rows: Vec<_> = meant
        .map(|(key, sum)| {
            let behind = match key.cause {
                Cause::Agreement => news.about_unit(&key.unit),
                Cause::Decision => news.about_element(&key.element, key.care_month),
                _ => Vec::new(),
            };
            let ids: Vec<String> =
                behind.iter().map(|recorded| recorded.decision.id.to_string()).collect();
            let decision = match ids.as_slice() {
                [one] => Cell::from(one.as_str()).to(format!("/beslut/{one}")),
                many => Cell::from(many.join(", ")),
            };
            vec![
                element(ask, month, unit, key, sum),
                Cell::from(key.care_month.to_string()),
                Cell::from(words::cause(ask.lang, key.cause)),
                decision,
                Cell::from(sum.lines),
                Cell::from(sum.amount),
            ]
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        text("element", "Ersättningsslag", "Element"),
        text("care_month", "Vårdmånad", "Month of care"),
        text("cause", "Orsak", "Cause"),
        text("decision", "Beslut", "Decision"),
        count("lines", "Rader", "Lines"),
        money("amount_ore", "Belopp", "Amount").summed(),
    ];
    let caption = ask.say("Rättelser av tidigare månader", "Corrections of earlier months");
    Some(Table::new("rattelser", caption, columns).rows(rows).origin(ask.place.origin()))
}

fn shadows(
    ask: &Ask,
    month: Month,
    unit: &str,
    of: &[(&SumKey, &Sum)],
    total: Money,
) -> Option<Table> {
    let rows: Vec<_> = of
        .iter()
        .filter(|(key, _)| key.shadow)
        .map(|(key, sum)| {
            vec![
                element(ask, month, unit, key, sum),
                Cell::from(key.care_month.to_string()),
                Cell::from(words::cause(ask.lang, key.cause)),
                Cell::from(sum.amount),
            ]
        })
        .collect();
    if rows.is_empty() && total == Money::ZERO {
        return None;
    }
    let columns = vec![
        text("element", "Ersättningsslag", "Element"),
        text("care_month", "Vårdmånad", "Month of care"),
        text("cause", "Orsak", "Cause"),
        money("amount_ore", "Skuggbelopp", "Shadow").summed(),
    ];
    let caption = ask.say(
        "Skuggbelopp: räknas men betalas inte, eftersom uppdraget ersätts genom budgeten",
        "Shadow amounts: computed but not paid, since the assignment is paid by the budget",
    );
    Some(Table::new("skugga", caption, columns).rows(rows).origin(ask.place.origin()))
}

/// Care of the month that has no price, and rows that do not count, as known today.
fn unpaid(ask: &Ask, month: Month, unit: &str) -> Result<Option<Table>, Failure> {
    if !ask.may(Right::SeeReporting) {
        return Ok(None);
    }
    let mut counts: BTreeMap<(&'static str, &'static str), i64> = BTreeMap::new();
    let meant = ask.place.stands()?.iter();
    for item in meant.filter(|item| &*item.unit == unit && item.month == month) {
        *counts.entry((item.family.name(), item.code)).or_default() += 1;
    }
    if counts.is_empty() {
        return Ok(None);
    }
    let columns = vec![
        text("what", "Vad", "What"),
        text("kind", "Slag", "Kind"),
        count("count", "Antal", "Count"),
    ];
    let rows = counts.into_iter().map(|((family, code), number)| {
        let kind = match family {
            "rejected" => ask.say("avvisad rad", "rejected row"),
            "unpriced" => ask.say("ej prissatt", "unpriced"),
            _ => ask.say("varning", "warning"),
        };
        let url = format!("/inrapportering/avvikelser?unit={unit}&code={code}&month={month}");
        vec![
            Cell::from(words::finding(ask.lang, code)).to(url),
            Cell::of(kind, family),
            Cell::from(number),
        ]
    });
    let caption = ask.say(
        "Vård i månaden som inte ersätts eller bör kontrolleras, som känt idag",
        "Care of the month that is not paid or should be looked at, as known today",
    );
    Ok(Some(Table::new("brister", caption, columns).rows(rows).origin(ask.place.origin()).short()))
}

fn links(ask: &Ask, month: Month, unit: &str) -> Option<Block> {
    if !ask.may(Right::SeeContacts) || !ask.place.has_unit(unit) {
        return None;
    }
    let text = ask.say(
        "Kvitto (zip): allt som behövs för att räkna om varje belopp",
        "Receipt (zip): all that is needed to compute every amount again",
    );
    Some(Block::Links(vec![(text.to_owned(), format!("/besked/{month}/{unit}/kvitto"))]))
}

/// The contacts of an element, each with its amount.
fn contacts(ask: &Ask) -> Result<Answer, Failure> {
    let (month, unit) = (ask.month("month")?, recipient(ask)?);
    let element = ask.param("element");
    let may_contest = ask.may(Right::Dispute) && ask.place.has_unit(unit);
    let settlements = settlements(ask, month)?;
    let mut rows = Vec::new();
    for settlement in &settlements {
        let lines = ask.place.lines_of(settlement)?;
        for line in lines.rows().filter(|line| line.unit == unit && line.element == element) {
            let contact = match line.contact_id {
                Some(id) => Cell::from(id).to(format!("/kontakt/{}", encoded(id))),
                None => Cell::of(ask.say("enhetens", "the unit's"), ""),
            };
            let cause = Cause::parse(line.cause).map(|cause| words::cause(ask.lang, cause));
            let mut amount = Cell::from(line.amount);
            if !line.payable {
                amount = amount.mark(ask.say("skuggbelopp", "shadow"));
            }
            let contest = || {
                let row = Query::default().with(&[
                    ("settlement", &settlement.booked.id),
                    ("unit", unit),
                    ("element", element),
                    ("contact", line.contact_id.unwrap_or("")),
                    ("care_month", &line.care_month.to_string()),
                ]);
                Cell::of(ask.say("Invänd", "Contest"), "")
                    .to(format!("/invandningar/nytt{}", row.written()))
            };
            let contest = if line.payable && may_contest { contest() } else { Cell::from("") };
            rows.push(vec![
                contact,
                Cell::from(line.care_month.to_string()),
                cause.map_or_else(|| Cell::from(line.cause), Cell::from),
                Cell::from(line.rate),
                ask.place.labels.payer(line.payer).into(),
                Cell::from(line.count),
                amount,
                contest,
            ]);
        }
    }
    if rows.is_empty() {
        return Err(missing());
    }
    ask.place.data.log_access(
        &ask.user.name,
        "statement",
        unit,
        "",
        rows.len(),
        &month.to_string(),
    )?;
    let columns = vec![
        text("contact_id", "Kontakt", "Contact"),
        text("care_month", "Vårdmånad", "Month of care"),
        text("cause", "Orsak", "Cause"),
        text("rate", "Nivå", "Rate"),
        text("payer", "Betalare", "Payer"),
        count("count", "Antal", "Count"),
        money("amount_ore", "Belopp", "Amount").summed(),
        text("contest", "", ""),
    ];
    let label = Cell::from(ask.place.labels.element(element));
    let label =
        label.shown().rsplit_once(" (").map_or(label.shown(), |(label, _)| label).to_owned();
    let name = ask.place.labels.unit_name(unit).unwrap_or(unit).to_owned();
    let caption = ask.say("Kontakter", "Contacts");
    let table = Table::new("kontakter", caption, columns).rows(rows).origin(ask.place.origin());
    let lead = Html::text(ask.say(
        "Varje kontaktnummer leder till varför beloppet är som det är.",
        "Every contact number leads to why the amount is what it is.",
    ));
    let page = Page::new(format!("{label}: {name}, {}", month_name(ask, month)))
        .under(ask.say("Avräkning", "Settlement"), "/avrakning")
        .under(month_name(ask, month), format!("/avrakning/{month}"))
        .under(name.as_str(), format!("/besked/{month}/{unit}"))
        .lead(lead)
        .with(table);
    Ok(page.into())
}

/// The receipt that the unit can check by itself; only for those who may see its contacts.
fn receipt(ask: &Ask) -> Result<Answer, Failure> {
    let (month, unit) = (ask.month("month")?, ask.unit("unit")?);
    settlements(ask, month)?;
    let (mut data, of) = (ask.place.data.clone(), unit.to_owned());
    // It is checked from itself alone before it is given, once for each state of what is kept.
    let made = waited(ask, &format!("receipt {month} {unit}"), move || {
        let (_, bytes, checked) = checked_bundle(&mut data, &of, month)?;
        Ok((bytes, checked.contacts))
    })?;
    let (bytes, contacts) = (made.0.clone(), made.1);
    let (by, note) = (&ask.user.name, month.to_string());
    ask.place.data.log_access(by, "bundle", unit, "", contacts, &note)?;
    let mark = if ask.place.data.is_synthetic() { "SYNTETISKA-DATA-" } else { "" };
    let name = format!("{mark}kvitto-{unit}-{month}.zip");
    Ok(File { name, media: "application/zip", bytes }.into())
}
