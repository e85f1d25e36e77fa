//! Översikt: what needs me today, and whether everything that was reported is priced, attested and paid.
//!
//! Owns: which numbers stand first, and where each of them leads. Does not own: any number (`place`, `kernel`, `data`).

use super::dispute::awaits_correction;
use super::grants::{granted, kronor};
use super::providers::applications;
use crate::commands::books::standing::Where;
use crate::failure::Failure;
use crate::output::Lang;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Block, Page};
use crate::web::query::encoded;
use crate::web::rights::{Reach, Right, Role};
use crate::web::route::Route;
use crate::web::table::{Cell, Table, count, money, text};
use crate::words;
use kernel::finding::{Code, Severity};
use kernel::grant::{
    Account, CommissionState, ReportState, account, commissions, decided_trees, frames,
    years_financed,
};
use kernel::journal::{DisputeState, is_same_person};
use kernel::money::Money;
use kernel::time::Month;
use std::collections::BTreeMap;

/// The pages.
pub const ROUTES: &[Route] = &[Route { path: "/", needs: Right::SeeOverview, show: overview }];

/// Days ahead in which something is soon due.
const SOON: i32 = 30;

fn overview(ask: &Ask) -> Result<Answer, Failure> {
    if ask.user.role == Role::ClinicCare {
        return Ok(Answer::Go("/vardkedjan".to_owned()));
    }
    let month = shown_month(ask)?;
    let mut page = Page::new(ask.say("Översikt", "Overview")).with(needed(ask)?);
    if let (Some(month), true) = (month, ask.may(Right::SeeAmounts)) {
        page = page
            .heading(match ask.lang {
                Lang::Sv => format!("Vård i {}", month_name(ask.lang, month)),
                Lang::En => format!("Care in {}", month_name(ask.lang, month)),
            })
            .with(Block::Links(months(ask, month)))
            .with(reported(ask, month)?)
            .with(settled(ask, month)?);
    }
    if ask.may(Right::SeeReporting) && ask.sees_all() {
        let said =
            ask.say("Alla rader som någonsin har levererats", "All rows that were ever delivered");
        page = page.with(Block::Fold(said.to_owned(), vec![delivered(ask)?.into()]));
    }
    if ask.may(Right::SeeGrants) {
        page = page
            .heading(ask.say("Statsbidrag, ramar och uppdrag", "Grants, frames and commissions"))
            .with(financing(ask)?);
    }
    Ok(page.into())
}

/// A month in words.
fn month_name(lang: Lang, month: Month) -> String {
    const NAMES: [(&str, &str); 12] = [
        ("januari", "January"),
        ("februari", "February"),
        ("mars", "March"),
        ("april", "April"),
        ("maj", "May"),
        ("juni", "June"),
        ("juli", "July"),
        ("augusti", "August"),
        ("september", "September"),
        ("oktober", "October"),
        ("november", "November"),
        ("december", "December"),
    ];
    let at = usize::try_from(month.of_year() - 1).unwrap_or(0);
    let (sv, en) = NAMES.get(at).copied().unwrap_or_default();
    format!("{} {}", lang.pick(sv, en), month.year())
}

/// The month that the address asks for, else the last one settled, else the last one with contacts.
fn shown_month(ask: &Ask) -> Result<Option<Month>, Failure> {
    if let Some(month) = ask.query.value("manad").and_then(Month::parse) {
        return Ok(Some(month));
    }
    let settled = ask.place.data.settlements().iter().map(|one| one.booked.month).max();
    if settled.is_some() || !ask.may(Right::SeeAmounts) {
        return Ok(settled);
    }
    Ok(ask.place.counted()?.of.keys().map(|(_, month)| *month).max())
}

fn months(ask: &Ask, month: Month) -> Vec<(String, String)> {
    let link =
        |month: Month| (month_name(ask.lang, month), ask.with(&[("manad", &month.to_string())]));
    vec![link(month.plus(-1)), link(month.plus(1))]
}

/// Something that needs somebody.
struct Need {
    what: String,
    count: i64,
    amount: Option<Money>,
    due: String,
    url: String,
}

fn needed(ask: &Ask) -> Result<Table, Failure> {
    let mut needs = Vec::new();
    books(ask, &mut needs);
    disputes(ask, &mut needs);
    proposals(ask, &mut needs)?;
    findings(ask, &mut needs)?;
    grant_reports(ask, &mut needs)?;
    register(ask, &mut needs);
    if ask.user.provider.is_some() {
        needs.push(Need {
            what: ask
                .say(
                    "Din klinik: rapporter, besked och kvittenser",
                    "Your clinic: reports, statements and receipts",
                )
                .to_owned(),
            count: 0,
            amount: None,
            due: String::new(),
            url: "/kliniken".to_owned(),
        });
    }
    let columns = vec![
        text("what", "Vad", "What"),
        count("count", "Antal", "Count"),
        money("amount_ore", "Belopp", "Amount"),
        text("due", "Senast", "Due"),
    ];
    let rows = needs.into_iter().map(|need| {
        let number = match need.count {
            0 => "".into(),
            count => Cell::from(count).to(need.url.clone()),
        };
        vec![
            Cell::from(need.what).to(need.url),
            number,
            need.amount.map_or_else(|| "".into(), kronor),
            need.due.into(),
        ]
    });
    Ok(Table::new("needed", ask.say("Att göra i dag", "To do today"), columns)
        .rows(rows)
        .short()
        .empty(ask.say(
            "Inget väntar på dig. Här står utkast att attestera, avräkningar att göra, invändningar att svara på och annat som har en dag.",
            "Nothing waits for you. Drafts to attest, settlements to make, disputes to answer and other things with a day stand here.",
        )))
}

fn push(
    needs: &mut Vec<Need>,
    what: &str,
    count: usize,
    amount: Option<Money>,
    due: Option<String>,
    url: &str,
) {
    if count > 0 {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let (what, url) = (what.to_owned(), url.to_owned());
        needs.push(Need { what, count, amount, due: due.unwrap_or_default(), url });
    }
}

/// What waits in the books: drafts, the next settlement, payments.
fn books(ask: &Ask, needs: &mut Vec<Need>) {
    let (data, journal) = (&ask.place.data, ask.place.data.journal());
    let state = |draft: &store::Settlement| journal.drafts.get(&draft.booked.id);
    let waits = data
        .drafts()
        .iter()
        .filter(|draft| state(draft).is_some_and(|one| one.booked_as.is_none()));
    for draft in waits {
        let Some(of) = state(draft) else { continue };
        let (month, total) = (draft.booked.month, Some(draft.booked.total));
        let url = format!("/avrakning/{month}");
        if of.attested_by.is_none() && ask.may(Right::Attest) && of.by != ask.user.name {
            let what =
                format!("{} {month}", ask.say("Attestera utkastet för", "Attest the draft of"));
            push(needs, &what, 1, total, None, &url);
        } else if of.attested_by.is_some() && ask.may(Right::Book) {
            let what = format!(
                "{} {month}",
                ask.say("Bokför det attesterade utkastet för", "Book the attested draft of")
            );
            push(needs, &what, 1, total, None, &url);
        }
    }
    if ask.may(Right::Draft) {
        let last = data.settlements().iter().map(|one| one.booked.month).max();
        if let Some(next) = last.map(|month| month.plus(1)) {
            let months = (0..1_200)
                .take_while(|after| next.plus(*after).settlement_day() <= ask.place.today);
            let what = format!(
                "{} {}",
                ask.say("Avräkna fr.o.m.", "Settle from"),
                month_name(ask.lang, next)
            );
            let due = Some(next.settlement_day().to_string());
            push(needs, &what, months.count(), None, due, &format!("/avrakning/{next}"));
        }
    }
    if ask.may(Right::Pay) {
        let rows = journal.to_pay();
        let total = rows.iter().map(|row| row.amount).sum();
        push(
            needs,
            ask.say(
                "Betala: rader som kan sändas till banken",
                "Pay: rows that can be sent to the bank",
            ),
            rows.len(),
            Some(total),
            None,
            "/betalningar",
        );
    }
}

fn disputes(ask: &Ask, needs: &mut Vec<Need>) {
    if ask.reach(Right::AnswerDispute) == Reach::Nothing
        && ask.reach(Right::Dispute) == Reach::Nothing
    {
        return;
    }
    let live = ask.place.data.journal().disputes.values();
    let open: Vec<_> = live
        .filter(|one| one.is_live() && ask.sees_unit(&one.row.unit))
        .filter(|one| !ask.sees_all() || one.state == DisputeState::Open)
        .collect();
    let due = open.iter().filter_map(|one| one.due).min().map(|day| day.to_string());
    let amount = open.iter().map(|one| one.row.amount).sum();
    let what = match ask.sees_all() {
        true => ask.say("Svara på invändningar", "Answer disputes"),
        false => ask.say("Era invändningar som pågår", "Your disputes that go on"),
    };
    push(needs, what, open.len(), Some(amount), due, "/invandningar");
    let all = &ask.place.data.journal().disputes;
    let awaiting: Vec<_> = all
        .iter()
        .filter(|(id, one)| ask.sees_unit(&one.row.unit) && awaits_correction(ask, id, one))
        .collect();
    let url = match awaiting.as_slice() {
        [(id, _)] => format!("/invandningar/{}", encoded(id)),
        _ => "/invandningar".to_owned(),
    };
    let what = ask.say(
        "Bifallna invändningar: rättelsen återstår att bokföra",
        "Upheld disputes: the correction remains to be booked",
    );
    push(needs, what, awaiting.len(), None, None, &url);
}

/// Proposals that somebody else wrote and that wait for a second person.
fn proposals(ask: &Ask, needs: &mut Vec<Need>) -> Result<(), Failure> {
    if !ask.may(Right::Approve) {
        return Ok(());
    }
    let all = ask.place.data.proposals()?;
    let is_for_me =
        |one: &&store::Proposal| one.end.is_none() && !is_same_person(&one.by, &ask.user.name);
    let waiting: Vec<_> = all.iter().filter(is_for_me).collect();
    let url = match waiting.as_slice() {
        [one] => format!("/beslut/forslag/{}", one.seq),
        _ => "/beslut#tbl-waiting".to_owned(),
    };
    let what = ask.say("Förslag till beslut att godkänna", "Proposed decisions to approve");
    push(needs, what, waiting.len(), None, None, &url);
    Ok(())
}

fn findings(ask: &Ask, needs: &mut Vec<Need>) -> Result<(), Failure> {
    if !ask.may(Right::SeeReporting) {
        return Ok(());
    }
    let items = ask.place.stands()?.iter();
    let to_mend = items.filter(|item| item.severity != Severity::Note && ask.sees_unit(&item.unit));
    let what = ask.say("Avvikelser i rapporterna att rätta", "Findings in reports to mend");
    push(needs, what, to_mend.count(), None, None, "/inrapportering/avvikelser");
    Ok(())
}

fn accounts(ask: &Ask) -> Result<Vec<Account<'_>>, Failure> {
    let (place, today) = (&ask.place, ask.place.today);
    let register = place.data.register();
    let (revision, settled) = (register.as_of(today), place.settled()?);
    let trees = decided_trees(register, revision);
    let of = |tree: &kernel::grant::Tree<'_>| {
        account(register, revision, &tree.grant.id, today, settled)
    };
    Ok(trees.iter().filter_map(of).collect())
}

fn grant_reports(ask: &Ask, needs: &mut Vec<Need>) -> Result<(), Failure> {
    if !ask.may(Right::SeeGrants) {
        return Ok(());
    }
    let soon = ask.place.today.plus(SOON);
    for account in accounts(ask)? {
        let reports = account
            .report
            .into_iter()
            .chain(account.posts.iter().filter_map(|post| post.final_report));
        let due: Vec<_> = reports
            .filter(|one| match one.state {
                ReportState::Overdue => true,
                ReportState::Awaited => one.due <= soon,
                ReportState::Given(_) => false,
            })
            .collect();
        let first = due.iter().map(|one| one.due).min().map(|day| day.to_string());
        let what =
            format!("{} {}", ask.say("Redovisningar av", "Reports of"), account.tree.grant.id);
        push(
            needs,
            &what,
            due.len(),
            None,
            first,
            &format!("/statsbidrag/{}", account.tree.grant.id),
        );
    }
    let register = ask.place.data.register();
    let all = commissions(register, register.as_of(ask.place.today), ask.place.today);
    let overdue: Vec<_> =
        all.iter().filter(|one| matches!(one.state, CommissionState::Overdue)).collect();
    let first =
        overdue.iter().filter_map(|one| one.commission.due).min().map(|day| day.to_string());
    let what = ask.say("Försenade uppdrag", "Overdue commissions");
    push(
        needs,
        what,
        overdue.len(),
        None,
        first,
        "/statsbidrag?commissions.q=overdue#tbl-commissions",
    );
    let near = all.iter().filter(|one| {
        matches!(one.state, CommissionState::Open)
            && one.commission.due.is_some_and(|due| due <= soon)
    });
    let what = ask.say("Uppdrag att svara på inom en månad", "Commissions due within a month");
    push(needs, what, near.count(), None, None, "/statsbidrag?commissions.q=open#tbl-commissions");
    Ok(())
}

/// What waits in the register: rates that should have ended, and applications.
fn register(ask: &Ask, needs: &mut Vec<Need>) {
    if !ask.may(Right::Propose) {
        return;
    }
    for finding in ask.place.checked().iter().filter(|one| one.code == Code::UntilOverdue) {
        let element = finding.witness.element.as_deref().unwrap_or("");
        let name = ask.place.labels.element(element);
        let said = ask.say("skulle ha ersatts, gäller än", "should have been replaced, still runs");
        let due = finding.witness.date.map(|day| day.plus(-1).to_string());
        push(
            needs,
            &format!("{}: {said}", name.shown()),
            1,
            None,
            due,
            &format!("/ersattningar/{element}"),
        );
    }
    let register = ask.place.data.register();
    let view = register.view(register.as_of(ask.place.today));
    let what = ask.say(
        "Ansökningar om uppdrag som väntar på svar",
        "Applications for assignments that wait for an answer",
    );
    push(needs, what, applications(&view).len(), None, None, "/vardgivare#tbl-waiting");
}

/// Whether what was reported of care in a month adds up: reported = priced + unpriced + rejected.
fn reported(ask: &Ask, month: Month) -> Result<Table, Failure> {
    let contacts = ask.place.counted()?.of_month(month, |unit| ask.sees_unit(unit));
    let items =
        ask.place.stands()?.iter().filter(|item| item.month == month && ask.sees_unit(&item.unit));
    let mut rejected = 0;
    let mut warned = 0;
    for item in items {
        rejected += i64::from(item.family == crate::data::Family::Rejected);
        warned += i64::from(item.family == crate::data::Family::Warning);
    }
    let all = contacts.in_force + rejected;
    let rest = all - contacts.priced - contacts.unpriced - rejected;
    let columns = vec![text("what", "Kontakter", "Contacts"), count("count", "Antal", "Count")];
    let to = |what: &str| format!("/inrapportering/avvikelser?month={month}{what}");
    let line = |sv: &'static str, en: &'static str, count: i64, url: String| {
        vec![ask.say(sv, en).into(), Cell::from(count).to(url)]
    };
    let rows = vec![
        line(
            "Rapporterade: i kraft och avvisade",
            "Reported: in force and rejected",
            all,
            "/inrapportering".to_owned(),
        ),
        line(
            "\u{2003}därav med pris",
            "\u{2003}of which priced",
            contacts.priced,
            format!("/avrakning/{month}"),
        ),
        line(
            "\u{2003}därav utan pris",
            "\u{2003}of which without a price",
            contacts.unpriced,
            to("&family=unpriced"),
        ),
        line(
            "\u{2003}därav avvisade, som inget senare har rättat",
            "\u{2003}of which rejected and not mended since",
            rejected,
            to("&family=rejected"),
        ),
    ];
    let last = vec![
        ask.say(
            "\u{2003}skiljer: varken med pris, utan pris eller avvisade",
            "\u{2003}difference: neither priced, without a price nor rejected",
        )
        .into(),
        rest.into(),
    ];
    let mut table = Table::new(
        "reported",
        ask.say("Är allt som rapporterats prissatt?", "Is everything reported priced?"),
        columns,
    )
    .rows(rows)
    .last(Some(last))
    .origin(ask.place.origin())
    .short();
    table.rows.push(line(
        "Svåra att tro, prissatta som de står",
        "Hard to believe, priced as they stand",
        warned,
        to("&family=warning"),
    ));
    Ok(table)
}

/// Where the settlements of a month are.
fn settled(ask: &Ask, month: Month) -> Result<Table, Failure> {
    let (data, journal) = (&ask.place.data, ask.place.data.journal());
    let mut columns = vec![
        text("what", "Avräkningen", "The settlement"),
        text("state", "Läge", "State"),
        money("amount_ore", "Till vårdgivare", "To providers"),
    ];
    // What is sent and left is of whole settlements.
    if ask.sees_all() {
        columns.extend([
            money("paid_ore", "Sänt och betalt", "Sent and paid"),
            money("held_back_ore", "Innehållet", "Held back"),
            money("left_ore", "Kvar att betala", "Left to pay"),
        ]);
    }
    let to_pay = journal.to_pay();
    let mut rows = Vec::new();
    for draft in data.drafts().iter().filter(|one| one.booked.month == month && ask.sees_all()) {
        let Some(state) = journal.drafts.get(&draft.booked.id) else { continue };
        if state.booked_as.is_some() {
            continue;
        }
        let said = match &state.attested_by {
            None => ask.say("utkast, att attestera", "draft, to attest"),
            Some(_) => ask.say("attesterad, att bokföra", "attested, to book"),
        };
        rows.push(vec![
            Cell::from(draft.booked.id.as_str()).to(format!("/avrakning/{month}")),
            said.into(),
            kronor(draft.booked.total),
            kronor(Money::ZERO),
            kronor(Money::ZERO),
            kronor(Money::ZERO),
        ]);
    }
    for booked in
        journal.settlements.iter().filter(|one| one.month == Some(month) && !one.is_undone)
    {
        if ask.sees_all() {
            let found = Where::of(journal, &booked.id);
            let left: Money =
                to_pay.iter().filter(|row| row.settlement == booked.id).map(|row| row.amount).sum();
            rows.push(vec![
                Cell::from(booked.id.as_str()).to(format!("/avrakning/{month}")),
                words::settlement_state(ask.lang, found.state(booked)).into(),
                kronor(found.owed),
                kronor(found.sent + found.paid),
                kronor(found.held_back),
                kronor(left).to("/betalningar"),
            ]);
            continue;
        }
        let mut own: BTreeMap<&str, Money> = BTreeMap::new();
        for (share, amount) in &journal.owed {
            if share.settlement == booked.id && ask.sees_unit(&share.unit) {
                *own.entry(&share.unit).or_default() += *amount;
            }
        }
        rows.extend(own.into_iter().map(|(unit, amount)| {
            let name: Cell = ask.place.labels.unit(unit).into();
            vec![
                name.to(format!("/besked/{month}/{unit}")),
                ask.say("bokförd", "booked").into(),
                amount.into(),
            ]
        }));
    }
    Ok(Table::new(
        "settled",
        ask.say("Är det attesterat och betalt?", "Is it attested and paid?"),
        columns,
    )
    .rows(rows)
    .origin(ask.place.origin())
    .short()
    .empty(ask.say(
        "Månaden är inte avräknad. Här står utkastet och avräkningen när de finns.",
        "The month is not settled. The draft and the settlement stand here once there are any.",
    )))
}

/// What became of every row that was ever delivered.
fn delivered(ask: &Ask) -> Result<Table, Failure> {
    let rows = ask.place.counted()?.rows;
    let columns = vec![text("what", "Rader", "Rows"), count("count", "Antal", "Count")];
    let line = |sv: &'static str, en: &'static str, count: i64| {
        vec![ask.say(sv, en).into(), Cell::from(count)]
    };
    let parts = rows.in_force + rows.superseded + rows.cancelled + rows.rejected + rows.later;
    let lines = vec![
        line("I filerna", "In the files", rows.delivered),
        line("Som lästes", "That were read", rows.read),
        line(
            "\u{2003}därav kontakter i kraft",
            "\u{2003}of which contacts in force",
            rows.in_force,
        ),
        line(
            "\u{2003}därav ersatta av en senare rad, eller som säger detsamma igen",
            "\u{2003}of which replaced by a later row, or saying the same again",
            rows.superseded,
        ),
        line("\u{2003}därav makulerade", "\u{2003}of which cancelled", rows.cancelled),
        line("\u{2003}därav avvisade", "\u{2003}of which rejected", rows.rejected),
        line("\u{2003}därav vård efter i dag", "\u{2003}of which care after today", rows.later),
    ];
    let last = line("\u{2003}skiljer", "\u{2003}difference", rows.read - parts);
    let caption =
        ask.say("Vad som har blivit av varje levererad rad", "What became of every row delivered");
    Ok(Table::new("delivered", caption, columns).rows(lines).last(Some(last)).short())
}

fn financing(ask: &Ask) -> Result<Table, Failure> {
    let (place, today) = (&ask.place, ask.place.today);
    let register = place.data.register();
    let revision = register.as_of(today);
    let columns = vec![
        text("what", "Vad", "What"),
        money("whole_ore", "Mottaget eller anslaget", "Received or granted"),
        money("used_ore", "Använt", "Used"),
        money("left_ore", "Kvar", "Left"),
    ];
    let mut rows = Vec::new();
    for account in accounts(ask)? {
        let tree = &account.tree;
        let name = crate::commands::grant::show::label(tree.stated, &tree.grant.id);
        rows.push(vec![
            Cell::of(name, &tree.grant.id).to(format!("/statsbidrag/{}", tree.grant.id)),
            kronor(account.received + account.carried_in),
            kronor(account.total.used()),
            kronor(account.remaining()),
        ]);
    }
    for frame in frames(register, revision, today, place.settled()?) {
        let label = frame.label.unwrap_or(frame.id);
        for year in &frame.years {
            rows.push(vec![
                Cell::of(&format!("{label} {}", year.year), frame.id)
                    .to(format!("/statsbidrag/ram/{}", frame.id)),
                granted(ask, year),
                kronor(year.total()),
                kronor(year.left()),
            ]);
        }
    }
    let trees = kernel::grant::trees(register, revision);
    for year in years_financed(&trees).iter().filter(|year| year.is_last) {
        let what =
            format!("{} {}", ask.say("Utan finansiering efter", "Unfinanced after"), year.year);
        rows.push(vec![
            Cell::from(what).to("/statsbidrag#tbl-cliff"),
            kronor(year.unfinanced_after.printed),
            "".into(),
            "".into(),
        ]);
    }
    let caption = ask.say("Bidrag och ramar", "Grants and frames");
    Ok(Table::new("financing", caption, columns).rows(rows).short().origin(place.origin()).empty(
        ask.say(
            "Inget bidrag och ingen ram är registrerade.",
            "No grant and no frame is registered.",
        ),
    ))
}
