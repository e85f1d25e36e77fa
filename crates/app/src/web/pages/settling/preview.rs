//! The next month as it would be settled now, and putting it down.

use super::books_only;
use super::forecast::{Forecast, forecast};
use super::month::short;
use super::months::rows_and_amount;
use super::told::{End, Parts, change, corrections, units};
use crate::failure::Failure;
use crate::web::ask::{Ask, sent_day};
use crate::web::form::{Field, Form, Input};
use crate::web::html::Html;
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::pages::statement::month_name;
use crate::web::place::sums::{Sum, SumKey};
use crate::web::render::sentence;
use crate::web::rights::Right;
use crate::web::table::{Cell, Table, count, text};
use crate::web::work::Found;
use crate::words;
use kernel::time::{Day, Month};

/// The day of settlement: the one that is asked for, or that of the attested draft. Otherwise the month's own day, or today where that
/// has passed, so that what is decided by now counts; never before the day of the settlement before.
pub(super) fn on(ask: &Ask, month: Month) -> Result<Option<Day>, Failure> {
    let given = if ask.typed.value("on").is_some() { &ask.typed } else { &ask.query };
    if let Some(given) = given.value("on") {
        return sent_day(given).map(Some);
    }
    let attested = ask.place.data.attested_draft(month).map(|draft| draft.booked.settled_on);
    Ok(Some(attested.unwrap_or_else(|| day_of(ask, month))))
}

fn day_of(ask: &Ask, month: Month) -> Day {
    let before = ask.place.data.settlements().last().map(|last| last.booked.settled_on);
    let own = month.settlement_day().max(ask.place.today);
    before.map_or(own, |before| own.max(before))
}

/// Which decisions the day of settlement lets count, and where the other day is looked at.
fn day_told(ask: &Ask, month: Month, on: Day) -> Html {
    let own = month.settlement_day();
    let told = ask
        .say(
            "Beslut som är kända på avräkningsdagen {on} räknas; rapporter räknas till och med månadens sista rapportdag.",
            "Decisions that are known on the day of settlement, {on}, count; reports count through the month's last day of reporting.",
        )
        .replace("{on}", &on.to_string());
    let told = Html::text(&told);
    if on == own {
        return told;
    }
    let other = if on < own {
        ask.say(
            "Månadens ordinarie avräkningsdag är {own}; det som blir känt först efter {on} räknas inte här.",
            "The month's ordinary day of settlement is {own}; what becomes known only after {on} does not count here.",
        )
    } else {
        ask.say(
            "Månadens ordinarie avräkningsdag är {own}; efter den räknas också det som har beslutats sedan dess.",
            "The month's ordinary day of settlement is {own}; after it what has been decided since counts too.",
        )
    };
    let other = other.replace("{own}", &own.to_string()).replace("{on}", &on.to_string());
    let link = Html::link(
        &format!("/avrakning/{month}/forhandsvisning?on={own}"),
        ask.say("Visa som på den dagen", "Show as of that day"),
    );
    Html::raw(format!("{told} {} {link}", Html::text(&other)))
}

/// Shows the preview of a month.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    books_only(ask)?;
    let month = ask.month("month")?;
    let on = on(ask, month)?;
    let forecast = match forecast(ask, month, on)? {
        Found::Made(forecast) => forecast,
        Found::Waits(page) => return Ok(under(ask, page).into()),
    };
    let rows: Vec<(&SumKey, &Sum)> = forecast.sums.iter().map(|(key, sum)| (key, sum)).collect();
    let title = format!("{}: {}", ask.say("Förhandsvisning", "Preview"), month_name(ask, month));
    let lead = ask.say(
        "Vad månaden ger som allt är känt nu. Inget är bokfört.",
        "What the month comes to as everything is known now. Nothing is booked.",
    );
    let mut page = under(ask, Page::new(title)).lead(lead);
    page = page.text(day_told(ask, month, forecast.basis.on));
    for warning in &forecast.warnings {
        page = page.notice(Mood::Attention, trimmed(&ask.of(warning)));
    }
    for finding in &forecast.findings {
        page = page.notice(Mood::Attention, sentence(&ask.of(&finding.message)));
    }
    let caption = ask.say("Enheter", "Units");
    page = page.with(Block::Facts(facts(ask, &forecast, &rows)));
    page = page.with(day_form(ask, &forecast));
    if let Some(last) = ask.place.data.settlements().last() {
        let was = ask.place.sums()?.of_settlement(&last.booked.id);
        let was: Vec<(&SumKey, &Sum)> = was.iter().map(|(key, sum)| (key, sum)).collect();
        let from = End { label: month_name(ask, last.booked.month), rows: &was };
        let to = End { label: month_name(ask, month), rows: &rows };
        page = page.with(change(ask, "forandring", &from, &to));
    }
    page = page
        .maybe(corrections(ask, "rattelser", &rows))
        .with(units(ask, "enheter", caption, &rows, None));
    page = page.maybe(left_out(ask, &forecast));
    Ok(put_down(ask, page, &forecast).into())
}

/// Asks for another day of settlement: a month that is settled late knows what came after its own day.
fn day_form(ask: &Ask, forecast: &Forecast) -> Form {
    let address = format!("/avrakning/{}/forhandsvisning", forecast.basis.month);
    let label = ask.say("Avräkningsdag", "Day of settlement");
    let on = forecast.basis.on.to_string();
    let mut day = Field::new(ask, "on", label, Input::Day, &on).required();
    day.value = on;
    Form::new(address, ask.say("Visa som känt den dagen", "Show as known that day"))
        .asking()
        .field(day)
}

fn under(ask: &Ask, page: Page) -> Page {
    page.under(ask.say("Avräkning", "Settlement"), "/avrakning")
}

/// A warning without the word that the notice begins with.
fn trimmed(warning: &str) -> String {
    let text = warning.trim_start_matches("Obs: ").trim_start_matches("Note: ");
    sentence(text)
}

fn facts(ask: &Ask, forecast: &Forecast, rows: &[(&SumKey, &Sum)]) -> Vec<(String, Cell)> {
    let parts = Parts::of(rows);
    let basis = &forecast.basis;
    vec![
        (ask.say("Avräkningsdag", "Day of settlement").to_owned(), basis.on.to_string().into()),
        (
            ask.say("Rapporter t.o.m.", "Reports through").to_owned(),
            basis.cutoff.to_string().into(),
        ),
        (ask.say("Kontakter", "Contacts").to_owned(), forecast.contacts.into()),
        (ask.say("Rader", "Rows").to_owned(), forecast.lines.into()),
        (ask.say("Löpande (kr)", "Current (kr)").to_owned(), parts.current.into()),
        (ask.say("Rättelser (kr)", "Corrections (kr)").to_owned(), parts.corrected.into()),
        (ask.say("Att betala (kr)", "To pay (kr)").to_owned(), forecast.total.into()),
        (ask.say("Kontrollsumma", "Hash").to_owned(), short(&forecast.hash)),
    ]
}

/// What has no price and what was rejected.
fn left_out(ask: &Ask, forecast: &Forecast) -> Option<Table> {
    let unpriced = forecast.unpriced.iter().map(|(reason, count)| {
        let what = Cell::of(&ask.of(&words::without_price(*reason)), reason.name());
        vec![what, ask.say("ej prissatt", "unpriced").into(), (*count).into()]
    });
    let rejected = forecast.rejected.iter().map(|(code, count)| {
        let what = words::finding(ask.lang, code.name());
        vec![what.into(), ask.say("avvisad rad", "rejected row").into(), (*count).into()]
    });
    let rows: Vec<_> = unpriced.chain(rejected).collect();
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        text("what", "Vad", "What"),
        text("kind", "Slag", "Kind"),
        count("count", "Antal", "Count"),
    ];
    let caption = ask.say(
        "Kontakter och rader som inte ger någon betalning, hittills i alla månader",
        "Contacts and rows that give no payment, of all months so far",
    );
    Some(Table::new("utanpris", caption, columns).rows(rows).short().origin(ask.place.origin()))
}

/// The forms that bind what is shown.
fn put_down(ask: &Ask, page: Page, forecast: &Forecast) -> Page {
    let data = &ask.place.data;
    let journal = data.journal();
    let month = forecast.basis.month;
    if journal.is_closed(month) {
        return page.notice(
            Mood::Info,
            ask.say(
                "Månaden är stängd: inget mer bokförs i den.",
                "The month is closed: nothing more is booked in it.",
            ),
        );
    }
    let lines = i64::try_from(forecast.lines).unwrap_or(i64::MAX);
    let amount = rows_and_amount(ask, lines, forecast.total);
    let address = format!("/avrakning/{month}/forhandsvisning");
    let with_what_was_shown = |form: Form| {
        let was = &forecast.was;
        form.hidden("hash", &forecast.hash)
            .hidden("on", &forecast.basis.on.to_string())
            .hidden("revision", &was.revision.to_string())
            .hidden("batches", &was.batches.to_string())
            .hidden("deed", &was.deed.to_string())
            .binding()
    };
    let attested = data.attested_draft(month);
    let is_ready = attested.is_some_and(|draft| draft.booked.lines_hash == forecast.hash);
    if attested.is_some() && !is_ready {
        let changed = ask.say(
            "Något har ändrats sedan månadens utkast attesterades. Lägg ett nytt utkast och låt det attesteras.",
            "Something has changed since the month's draft was attested. Make a new draft and have it attested.",
        );
        return put_draft(
            ask,
            page.notice(Mood::Attention, changed),
            &address,
            &amount,
            with_what_was_shown,
        );
    }
    if ask.may(Right::Book) && (is_ready || !journal.is_attest_required) {
        let button = format!("{} {amount}", ask.say("Bokför", "Book"));
        let lead = if is_ready {
            ask.say(
                "Utkastet är attesterat och inget har ändrats.",
                "The draft is attested and nothing has changed.",
            )
        } else {
            ask.say("Attest krävs inte.", "Attest is not required.")
        };
        let form = Form::new(format!("{address}/bokfor"), button).lead(lead);
        let page = page.with(with_what_was_shown(form));
        return if is_ready {
            page
        } else {
            put_draft(ask, page, &address, &amount, with_what_was_shown)
        };
    }
    put_draft(ask, page, &address, &amount, with_what_was_shown)
}

fn put_draft(
    ask: &Ask,
    page: Page,
    address: &str,
    amount: &str,
    with_what_was_shown: impl Fn(Form) -> Form,
) -> Page {
    if !ask.may(Right::Draft) {
        return page;
    }
    let lead = ask.say(
        "Utkastet binder de här raderna till attest; en annan person attesterar.",
        "The draft binds these rows until they are attested; another person attests.",
    );
    let button = format!("{} {amount}", ask.say("Lägg utkast:", "Make a draft:"));
    page.with(with_what_was_shown(Form::new(address, button).lead(lead)))
}
