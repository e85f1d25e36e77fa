//! Statsbidrag och ramar: grants by year, what stands unfinanced when the last one ends, frames, and commissions.
//!
//! Owns: the first page and frames. Does not own: one grant (`one`), what is done with it (`act`), or any sum (`kernel::grant`).

mod act;
mod one;

use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::html::Html;
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::rights::Right;
use crate::web::route::{Act, Route};
use crate::web::table::{Cell, Table, count, money, text};
use crate::words::{self, marks_of};
use kernel::fact::Status;
use kernel::grant::{
    Account, CommissionState, Frame, FrameYear, Range, Settled, Tree, account, commissions, frames,
    trees, years_financed,
};
use kernel::money::Money;
use kernel::price::Marks;
use std::collections::BTreeMap;

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/statsbidrag", needs: Right::SeeGrants, show: all },
    Route { path: "/statsbidrag/{grant}", needs: Right::SeeGrants, show: one::show },
    Route { path: "/statsbidrag/{grant}/gor", needs: Right::ActOnGrants, show: act::show },
    Route { path: "/statsbidrag/ram/{frame}", needs: Right::SeeGrants, show: frame },
];

/// What is done.
pub const ACTS: &[Act] = &[
    Act {
        path: "/statsbidrag/{grant}/prova",
        needs: Right::ActOnGrants,
        act: act::tried,
        back: act::show,
    },
    Act {
        path: "/statsbidrag/{grant}/gor",
        needs: Right::ActOnGrants,
        act: act::entered,
        back: act::show,
    },
];

/// An amount in whole kronor for people, in öre for programs.
pub(super) fn kronor(amount: Money) -> Cell {
    Cell::kronor(amount)
}

fn all(ask: &Ask) -> Result<Answer, Failure> {
    let (place, known_on) = (&ask.place, ask.day("known_on", ask.place.today)?);
    let register = place.data.register();
    let revision = register.as_of(known_on);
    let settled = place.settled()?;
    let trees = trees(register, revision);
    let of = |tree: &Tree<'_>| account(register, revision, &tree.grant.id, known_on, settled);
    let accounts: Vec<Option<Account<'_>>> = trees.iter().map(of).collect();
    let lead = ask.say(
        "Vad staten ger, vad som är beslutat och använt av det, vad som står utan finansiering när det sista bidraget tar slut, och vad budgetramarna har betalt.",
        "What the state gives, what is decided and used of it, what stands unfinanced when the last grant ends, and what the budget frames have paid.",
    );
    let mut page = Page::new(ask.say("Statsbidrag och ramar", "Grants and frames")).lead(lead);
    if known_on != place.today {
        page = page.notice(
            Mood::Info,
            format!("{} {known_on}.", ask.say("Som det var känt", "As known on")),
        );
    }
    Ok(page
        .with(grants(ask, &trees, &accounts))
        .heading(ask.say("När det sista bidraget tar slut", "When the last grant ends"))
        .with(cliff(ask, &trees))
        .heading(ask.say("Ramar", "Frames"))
        .with(of_frames(ask, &frames(register, revision, known_on, settled)))
        .with(traced(ask)?)
        .heading(ask.say("Rapporter", "Reports"))
        .with(reports(ask, &trees, &accounts))
        .with(Block::Heading {
            id: "uppdrag".to_owned(),
            text: ask.say("Uppdrag", "Commissions").to_owned(),
        })
        .with(commissioned(ask, known_on))
        .into())
}

fn grants(ask: &Ask, trees: &[Tree<'_>], accounts: &[Option<Account<'_>>]) -> Table {
    let columns = vec![
        text("year", "År", "Year"),
        text("grant", "Statsbidrag", "Grant"),
        text("status", "Läge", "Status"),
        money("whole_ore", "Hela bidraget", "Whole"),
        money("divided_ore", "Fördelat", "Divided"),
        money("residual_ore", "Ofördelat", "Unallocated"),
        money("paid_ore", "Utbetalt och avräknat", "Paid and settled"),
        money("used_ore", "Använt", "Used"),
        money("left_ore", "Kvar", "Left"),
    ];
    let row = |(tree, account): (&Tree<'_>, &Option<Account<'_>>)| {
        let id = tree.grant.id.as_str();
        let total = account.as_ref().map(|account| account.total).unwrap_or_default();
        let left = account.as_ref().map_or(Money::ZERO, Account::remaining);
        vec![
            tree.grant.year.to_string().into(),
            Cell::of(label_of(tree), id)
                .to(format!("/statsbidrag/{id}"))
                .marked(ask.lang, marks_of(tree.decision)),
            status(ask, tree.decision.status),
            ranged(ask, tree.whole),
            kronor(tree.headings.iter().map(|heading| heading.amount.printed).sum()),
            ranged(ask, tree.residual),
            kronor(total.paid + total.settled),
            kronor(total.used()),
            kronor(left),
        ]
    };
    Table::new("grants", ask.say("Statsbidrag per år", "Grants by year"), columns)
        .rows(trees.iter().zip(accounts).map(row))
        .empty(ask.say(
            "Här står statsbidragen när ett beslut om dem är registrerat.",
            "Grants stand here when a decision about them is registered.",
        ))
        .origin(ask.place.origin())
        .short()
}

/// What people call a grant.
fn label_of<'a>(tree: &'a Tree<'_>) -> &'a str {
    crate::commands::grant::show::label(tree.stated, &tree.grant.id)
}

fn status(ask: &Ask, status: Status) -> Cell {
    let shown = match status {
        Status::Decided => ask.say("beslutat", "decided"),
        Status::Proposed => ask.say("förslag", "proposed"),
    };
    Cell::of(shown, status.name())
}

/// An amount, and in a small word how exact it is.
fn ranged(ask: &Ask, range: Range) -> Cell {
    let cell = kronor(range.printed);
    if range.is_exact() {
        return cell;
    }
    let (low, high) = (kronor(range.low), kronor(range.high));
    let between = ask.say("mellan", "between");
    cell.mark(format!("{between} {} {} {}", low.shown(), ask.say("och", "and"), high.shown()))
}

fn cliff(ask: &Ask, trees: &[Tree<'_>]) -> Table {
    let years = years_financed(trees);
    let columns = vec![
        text("year", "År", "Year"),
        money("decided_ore", "Varaktigt, beslutat", "Goes on, decided"),
        money("proposed_ore", "Varaktigt, föreslaget", "Goes on, proposed"),
        money("unfinanced_after_ore", "Utan finansiering därefter", "Unfinanced after"),
    ];
    let rows = years.iter().map(|of| {
        let after = match of.is_last {
            true => ranged(ask, of.unfinanced_after),
            false => Cell::of(ask.say("ej känt", "not known"), ""),
        };
        vec![of.year.to_string().into(), ranged(ask, of.decided), ranged(ask, of.proposed), after]
    });
    let caption = ask.say(
        "Varaktiga kostnader, som höjd ersättning, som statsbidragen betalar",
        "Costs that go on, such as raises, that grants pay",
    );
    Table::new("cliff", caption, columns).rows(rows).short().empty(ask.say(
        "Här står varaktiga kostnader när ett statsbidrag betalar någon.",
        "Costs that go on stand here when a grant pays one.",
    ))
}

fn of_frames(ask: &Ask, all: &[Frame<'_>]) -> Table {
    let columns = vec![
        text("frame", "Ram", "Frame"),
        text("year", "År", "Year"),
        money("amount_ore", "Anslag", "Amount").summed(),
        money("paid_ore", "Betalt", "Paid").summed(),
        money("left_ore", "Kvar", "Left").summed(),
        count("months", "Vårdmånader", "Months of care"),
        money("forecast_ore", "Prognos för året", "Forecast"),
    ];
    let years = all.iter().flat_map(|frame| frame.years.iter().map(move |year| (frame, year)));
    let rows = years.map(|(frame, of): (&Frame<'_>, &FrameYear)| {
        vec![
            Cell::of(frame.label.unwrap_or(frame.id), frame.id)
                .to(format!("/statsbidrag/ram/{}", frame.id)),
            of.year.to_string().into(),
            granted(ask, of),
            kronor(of.total()),
            kronor(of.left()),
            i64::from(of.months).into(),
            of.forecast.map_or_else(|| "".into(), kronor),
        ]
    });
    let caption = ask.say(
        "Budgetramar och vad nivåer som de finansierar har betalt",
        "Budget frames and what the rates that they finance have paid",
    );
    Table::new("frames", caption, columns)
        .rows(rows)
        .short()
        .origin(ask.place.origin())
        .empty(ask.say("Ingen ram är registrerad.", "No frame is registered."))
}

/// What a frame is for a year, and that it is none where only rates name it.
pub(super) fn granted(ask: &Ask, of: &FrameYear) -> Cell {
    let amount = kronor(of.amount);
    match of.is_granted {
        true => amount,
        false => amount.mark(ask.say("inget anslag beslutat", "no grant decided")),
    }
}

/// Every krona that the settlements paid, by what finances it.
fn traced(ask: &Ask) -> Result<Block, Failure> {
    let mut sources: BTreeMap<&str, Money> = BTreeMap::new();
    let columns = vec![
        text("financed_by", "Finansieras av", "Financed by"),
        text("element", "Ersättningsslag", "Element"),
        money("amount_ore", "Betalt", "Paid").summed(),
    ];
    let mut rows = Vec::new();
    for ((source, element), amount) in ask.place.traced()? {
        *sources.entry(source).or_default() += *amount;
        let financed = match source.as_str() {
            "" => Cell::of(ask.say("nämndens budget", "ordinary budget"), ""),
            source => ask.place.labels.source(source).into(),
        };
        let label: Cell = ask.place.labels.element(element).into();
        rows.push(vec![financed, label.to(format!("/ersattningar/{element}")), kronor(*amount)]);
    }
    let caption = ask.say(
        "Allt som är avräknat, efter vad som betalar det",
        "All that is settled, by what pays it",
    );
    let table = Table::new("traced", caption, columns).rows(rows).origin(ask.place.origin());
    let said = ask.say(
        "Varje avräknad krona efter vad som betalar den",
        "Every settled krona by what pays it",
    );
    Ok(Block::Fold(said.to_owned(), vec![table.into()]))
}

fn reports(ask: &Ask, trees: &[Tree<'_>], accounts: &[Option<Account<'_>>]) -> Table {
    let columns = vec![
        text("due", "Senast", "Due"),
        text("grant", "Statsbidrag", "Grant"),
        text("what", "Vad", "What"),
        text("state", "Läge", "State"),
    ];
    let mut rows = Vec::new();
    for (tree, account) in trees.iter().zip(accounts) {
        let Some(account) = account else { continue };
        let link = || {
            Cell::of(label_of(tree), &tree.grant.id).to(format!("/statsbidrag/{}", tree.grant.id))
        };
        if let Some(report) = account.report {
            let what = ask.say("återrapport till staten", "account to the state");
            let state = words::report_state(ask.lang, report.state).into();
            rows.push(vec![report.due.to_string().into(), link(), what.into(), state]);
        }
        for post in &account.posts {
            let Some(report) = post.final_report else { continue };
            let what = crate::commands::grant::account::post_label(account, post);
            let state = words::report_state(ask.lang, report.state).into();
            rows.push(vec![report.due.to_string().into(), link(), what.into(), state]);
        }
    }
    rows.sort_by(|a, b| a.first().map(Cell::plain).cmp(&b.first().map(Cell::plain)));
    let caption = ask.say("Återrapporter och slutrapporter", "Accounts and final reports");
    Table::new("reports", caption, columns).rows(rows).short().empty(ask.say(
        "Inget beslut säger när ett bidrag eller en post ska redovisas.",
        "No decision says when a grant or an item is to be accounted for.",
    ))
}

fn commissioned(ask: &Ask, known_on: kernel::time::Day) -> Table {
    let register = ask.place.data.register();
    let all = commissions(register, register.as_of(known_on), known_on);
    let columns = vec![
        text("state", "Läge", "State"),
        text("due", "Senast", "Due"),
        text("what", "Vad", "What"),
        text("from", "Från", "From"),
        text("to", "Till", "To"),
        text("decision", "Beslut", "Decision"),
        text("answered_by", "Besvarat av", "Answered by"),
    ];
    let decision = |id: &str| Cell::from(id).to(format!("/beslut/{id}"));
    let row = |one: &kernel::grant::Followed<'_>| {
        let (shown, answer) = match one.state {
            CommissionState::Open => (ask.say("öppet", "open"), None),
            CommissionState::Overdue => (ask.say("försenat", "overdue"), None),
            CommissionState::Answered(by) => (ask.say("besvarat", "answered"), Some(by)),
        };
        let marks = Marks { illustrative: one.decision.illustrative, unverified: false };
        vec![
            Cell::of(shown, one.state.name()),
            one.commission.due.map_or_else(String::new, |due| due.to_string()).into(),
            Cell::of(&one.commission.what, &one.commission.id).marked(ask.lang, marks),
            one.commission.from.clone().unwrap_or_default().into(),
            one.commission.to.clone().unwrap_or_default().into(),
            decision(one.decision.id.as_str()),
            answer.map_or_else(|| "".into(), |by| decision(by.id.as_str())),
        ]
    };
    let rank = |one: &kernel::grant::Followed<'_>| match one.state {
        CommissionState::Overdue => 0,
        CommissionState::Open => 1,
        CommissionState::Answered(_) => 2,
    };
    let mut sorted: Vec<_> = all.iter().collect();
    sorted.sort_by_key(|one| (rank(one), one.commission.due.is_none(), one.commission.due));
    Table::new(
        "commissions",
        ask.say("Uppdrag, försenade först", "Commissions, the overdue first"),
        columns,
    )
    .rows(sorted.into_iter().map(row))
    .empty(ask.say("Inget uppdrag är registrerat.", "No commission is registered."))
}

/// One frame: by year, and every sum of the settlements that it paid.
fn frame(ask: &Ask) -> Result<Answer, Failure> {
    let (place, today) = (&ask.place, ask.place.today);
    let register = place.data.register();
    let settled = place.settled()?;
    let mut all = frames(register, register.as_of(today), today, settled);
    all.retain(|frame| frame.id == ask.param("frame"));
    let frame = all.first().ok_or_else(missing)?;
    let months =
        place.data.settlements().iter().map(|one| (one.booked.settled_on, one.booked.month));
    let months: BTreeMap<_, _> = months.collect();
    let columns = vec![
        text("care_month", "Vårdmånad", "Month of care"),
        text("settled_on", "Avräknat", "Settled on"),
        text("unit", "Enhet", "Unit"),
        text("rate", "Nivå", "Rate"),
        money("amount_ore", "Betalt", "Paid").summed(),
    ];
    let row = |of: &Settled| {
        let unit: Cell = place.labels.unit(&of.unit).into();
        let settlement = months.get(&of.on).copied();
        let on = Cell::from(of.on.to_string());
        let marks = Marks { illustrative: of.illustrative, unverified: of.unverified };
        vec![
            of.care_month.to_string().into(),
            match settlement {
                Some(month) => on.to(format!("/avrakning/{month}")),
                None => on,
            },
            match settlement {
                Some(month) => unit.to(format!("/besked/{month}/{}", of.unit)),
                None => unit,
            },
            Cell::from(of.rate.as_str()).marked(ask.lang, marks),
            Cell::from(of.amount),
        ]
    };
    let rows = settled.iter().filter(|of| of.financed_by == frame.id).map(row);
    let traced =
        Table::new("paid", ask.say("Betalt, efter avräkning", "Paid, by settlement"), columns)
            .rows(rows)
            .origin(place.origin())
            .empty(
                ask.say("Ramen har inte betalt något än.", "The frame has not paid anything yet."),
            );
    let lead = ask.say(
        "Betalt är vad nivåer som ramen finansierar har gett, efter vårdmånad. Prognosen är betalt × 12 / antal vårdmånader.",
        "Paid is what rates that the frame finances gave, by month of care. The forecast is paid × 12 / months of care.",
    );
    Ok(Page::new(frame.label.unwrap_or(frame.id))
        .under(ask.say("Statsbidrag och ramar", "Grants and frames"), "/statsbidrag")
        .lead(Html::text(lead))
        .with(of_frames(ask, &all))
        .with(traced)
        .into())
}
