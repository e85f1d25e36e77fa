//! The bridge: from what was known on one day to what was known on another, and from a closed year to now.

use super::books_only;
use super::told::fall;
use crate::commands::books::closing;
use crate::data::{Amount, Bridge, ClosedBridge, ClosedStep, StepKey, StepSum};
use crate::failure::Failure;
use crate::web::ask::{Ask, sent_year};
use crate::web::chart::waterfall::Step;
use crate::web::html::{Html, escaped};
use crate::web::page::{Answer, Block, Page};
use crate::web::query::encoded;
use crate::web::table::{Cell, Table, count, money, text};
use crate::web::work::{Found, found};
use crate::words;
use kernel::journal::DeedKind;
use kernel::money::Money;
use kernel::settle::Cause;
use kernel::time::Day;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// Shows a bridge.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    books_only(ask)?;
    let under = |page: Page| page.under(ask.say("Avräkning", "Settlement"), "/avrakning");
    if let Some(year) = ask.query.value("ar") {
        return closed_year(ask, year).map(|page| under(page).into());
    }
    let today = ask.place.today;
    if ask.query.value("from").is_none() {
        return Ok(under(frame(ask)).with(asked(ask, today, today)).into());
    }
    let (from, to) = (ask.day("from", today)?, ask.day("to", today)?);
    if to < from {
        return Err(Failure::refused(
            format!("t.o.m. {to} är före fr.o.m. {from}"),
            format!("through {to} is before from {from}"),
        ));
    }
    let place = Arc::clone(&ask.place);
    let made =
        found(ask, &format!("bro {from} {to}"), move || place.data.clone().bridge(from, to, None))?;
    let page = match made {
        Found::Waits(page) => page,
        Found::Made(bridge) => days(ask, from, to, &bridge),
    };
    Ok(under(page).into())
}

fn frame(ask: &Ask) -> Page {
    let lead = ask.say(
        "Vad som var känt en dag, vad som ändrade det, och vad som är känt en senare dag. Summorna stämmer på öret, annars visas ingen brygga.",
        "What was known on one day, what changed it, and what is known on a later day. The sums agree to the öre, or no bridge is shown.",
    );
    Page::new(ask.say("Brygga", "Bridge")).lead(lead)
}

/// The form that asks for days, and the closed years.
fn asked(ask: &Ask, from: Day, to: Day) -> Block {
    let mut html = format!(
        "<form class=\"form across\" method=\"get\" action=\"/avrakning/bro\">\
         <div class=\"field\"><label for=\"from\">{}</label><input id=\"from\" type=\"date\" name=\"from\" value=\"{from}\" required></div>\
         <div class=\"field\"><label for=\"to\">{}</label><input id=\"to\" type=\"date\" name=\"to\" value=\"{to}\"></div>\
         <button class=\"button button--secondary\" type=\"submit\">{}</button></form>",
        escaped(ask.say("Känt den", "Known on")),
        escaped(ask.say("och känt den", "and known on")),
        escaped(ask.say("Visa bryggan", "Show the bridge")),
    );
    let years = &ask.place.data.journal().closed_years;
    if !years.is_empty() {
        let told = ask.say("Från ett stängt år till nu:", "From a closed year to now:");
        let _infallible = write!(html, "<p>{}", escaped(told));
        for year in years {
            let link = Html::link(&format!("/avrakning/bro?ar={year}"), &year.to_string());
            let _infallible = write!(html, " {link}");
        }
        html.push_str("</p>");
    }
    Block::Raw(Html::raw(html))
}

fn days(ask: &Ask, from: Day, to: Day, bridge: &Bridge) -> Page {
    let known = |day: Day| format!("{} {day}", ask.say("Känt", "Known"));
    let mut causes: BTreeMap<Cause, (Amount, i64)> = BTreeMap::new();
    for (key, sum) in &bridge.steps {
        let of_cause = causes.entry(key.cause).or_default();
        of_cause.0.add(key.payable, sum.total.amount);
        of_cause.1 += sum.lines;
    }
    let first = Step { label: known(from), amount: bridge.opening.payable };
    let last = Step { label: known(to), amount: bridge.closing.payable };
    let mut steps = Vec::new();
    let end = |label: &str, amount: Amount| {
        vec![label.into(), amount.payable.into(), amount.shadow.into(), "".into()]
    };
    let mut rows = vec![end(&first.label, bridge.opening)];
    for (cause, (amount, lines)) in causes {
        let word = words::cause(ask.lang, cause);
        steps.push(Step { label: word.shown().to_owned(), amount: amount.payable });
        rows.push(vec![word.into(), amount.payable.into(), amount.shadow.into(), lines.into()]);
    }
    let columns = vec![
        text("step", "Steg", "Step"),
        money("payable_ore", "Att betala", "Payable"),
        money("shadow_ore", "Skuggbelopp", "Shadow"),
        count("lines", "Rader", "Lines"),
    ];
    let title = ask
        .say("Från känt {a} till känt {b}, att betala", "From known {a} to known {b}, payable")
        .replace("{a}", &from.to_string())
        .replace("{b}", &to.to_string());
    let numbers = Table::new("orsaker", title.clone(), columns)
        .rows(rows)
        .last(Some(end(&last.label, bridge.closing)))
        .short()
        .origin(ask.place.origin());
    frame(ask)
        .with(asked(ask, from, to))
        .with(fall(ask, title, &first, &steps, &last, numbers))
        .with(changes(ask, bridge))
}

fn decisions<'i>(ids: impl Iterator<Item = &'i String> + Clone, shown: Cell) -> Cell {
    let mut all = ids.clone();
    match (all.next(), all.next()) {
        (Some(one), None) => shown.to(format!("/beslut/{}", encoded(one))),
        _ => shown,
    }
}

fn changes(ask: &Ask, bridge: &Bridge) -> Table {
    let labels = &ask.place.labels;
    let row = |(key, sum): (&StepKey, &StepSum)| {
        let marks = ask.place.marks.get(&key.element).copied().unwrap_or_default();
        let mut amount = Cell::from(sum.total.amount);
        if !key.payable {
            amount = amount.mark(ask.say("skuggbelopp", "shadow"));
        }
        vec![
            Cell::of(labels.unit_name(&key.unit).unwrap_or(&key.unit), &key.unit),
            Cell::from(labels.element(&key.element)).marked(ask.lang, marks),
            key.care_month.to_string().into(),
            words::cause(ask.lang, key.cause).into(),
            decisions(sum.decisions.iter(), words::list(ask.lang, &sum.decisions).into()),
            words::list(ask.lang, &sum.files).into(),
            sum.lines.into(),
            amount,
        ]
    };
    let columns = vec![
        text("unit", "Enhet", "Unit"),
        text("element", "Ersättningsslag", "Element"),
        text("care_month", "Vårdmånad", "Month of care"),
        text("cause", "Orsak", "Cause"),
        text("decisions", "Beslut", "Decisions"),
        text("files", "Filer", "Files"),
        count("lines", "Rader", "Lines"),
        money("amount_ore", "Ändring", "Change").summed(),
    ];
    let caption = ask.say("Ändringarna, rad för rad", "The changes, row by row");
    Table::new("steg", caption, columns)
        .rows(bridge.steps.iter().map(row))
        .empty(
            ask.say("Inget har ändrats mellan dagarna.", "Nothing has changed between the days."),
        )
        .origin(ask.place.origin())
}

/// From what the books said of a year when it was closed to what is right now.
fn closed_year(ask: &Ask, year: &str) -> Result<Page, Failure> {
    let year = sent_year(year)?;
    let last = closing(&ask.place.data, year)?;
    let place = Arc::clone(&ask.place);
    let made = found(ask, &format!("bro stängt {year}"), move || {
        place.data.apart()?.closed_bridge(year, last)
    })?;
    Ok(match made {
        Found::Waits(page) => page,
        Found::Made(bridge) => of_year(ask, year, &bridge),
    })
}

fn step_word(ask: &Ask, cause: &str) -> Cell {
    let settled = Cause::parse(cause).map(|cause| words::cause(ask.lang, cause));
    let done = || DeedKind::parse(cause).map(|kind| words::deed_cell(ask.lang, kind));
    settled.or_else(done).map_or_else(|| cause.into(), Cell::from)
}

fn of_year(ask: &Ask, year: i32, bridge: &ClosedBridge) -> Page {
    let mut sums: BTreeMap<(bool, &str), Money> = BTreeMap::new();
    for (step, amount) in &bridge.steps {
        *sums.entry((!step.booked, step.cause.as_str())).or_default() += *amount;
    }
    let (mut steps, mut rows) = (Vec::new(), Vec::new());
    let label = |text: &str| format!("{year}, {text}");
    let first =
        Step { label: label(ask.say("som det stängdes", "as closed")), amount: bridge.opening };
    let last =
        Step { label: label(ask.say("som rätt nu", "as right now")), amount: bridge.closing };
    rows.push(vec![first.label.as_str().into(), bridge.opening.into()]);
    for ((is_waiting, cause), amount) in sums {
        let word = step_word(ask, cause);
        let text = match is_waiting {
            true => format!("{}, {}", word.shown(), ask.say("ej bokfört", "not booked")),
            false => word.shown().to_owned(),
        };
        rows.push(vec![text.as_str().into(), amount.into()]);
        steps.push(Step { label: text, amount });
    }
    let columns = vec![text("step", "Steg", "Step"), money("amount_ore", "Belopp", "Amount")];
    let title = ask
        .say(
            "Vårdkostnad t.o.m. {}, från stängningen till nu",
            "Cost of care through {}, from the closing to now",
        )
        .replace("{}", &year.to_string());
    let numbers = Table::new("orsaker", title.clone(), columns)
        .rows(rows)
        .last(Some(vec![last.label.as_str().into(), bridge.closing.into()]))
        .short()
        .origin(ask.place.origin());
    let labels = &ask.place.labels;
    let row = |(step, amount): (&ClosedStep, &Money)| {
        let mut decision = Cell::from(step.decision.as_str());
        if !step.decision.is_empty() {
            decision = decision.to(format!("/beslut/{}", encoded(&step.decision)));
        }
        vec![
            words::is(ask.lang, step.booked).into(),
            step_word(ask, &step.cause),
            step.deed.as_str().into(),
            decision,
            labels.unit(&step.unit).into(),
            labels.element(&step.element).into(),
            (*amount).into(),
        ]
    };
    let columns = vec![
        text("booked", "Bokfört", "Booked"),
        text("cause", "Orsak", "Cause"),
        text("deed", "Åtgärd", "Deed"),
        text("decision", "Beslut", "Decision"),
        text("unit", "Enhet", "Unit"),
        text("element", "Ersättningsslag", "Element"),
        money("amount_ore", "Ändring", "Change").summed(),
    ];
    let caption = ask.say("Ändringarna, rad för rad", "The changes, row by row");
    let changes = Table::new("steg", caption, columns)
        .rows(bridge.steps.iter().map(row))
        .empty(ask.say(
            "Inget har ändrats sedan året stängdes.",
            "Nothing has changed since the year was closed.",
        ))
        .origin(ask.place.origin());
    frame(ask)
        .with(asked(ask, ask.place.today, ask.place.today))
        .with(fall(ask, title, &first, &steps, &last, numbers))
        .with(changes)
}
