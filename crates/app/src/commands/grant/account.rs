//! The account of a grant as JSON and as a table: post by post what it has, what was paid and used, and what is left.
//!
//! Owns: how it is told. Does not own: the sums (`kernel::grant`).

use super::show::{RangeJson, label};
use crate::failure::Failure;
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::words;
use kernel::fact::GrantAct;
use kernel::grant::{Account, FinalReport, MandateUse, Post, ReportState, Sums, balances};
use kernel::money::Money;
use kernel::price::Marks;
use kernel::time::{Day, Period};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The account of a grant.
#[derive(Serialize, JsonSchema)]
pub(super) struct AccountJson<'a> {
    grant: &'a str,
    on: String,
    origin: &'static str,
    received_ore: i64,
    received: String,
    carried_in_ore: i64,
    carried_in: String,
    used_ore: i64,
    used: String,
    repaid_ore: i64,
    repaid: String,
    carried_ore: i64,
    carried: String,
    remaining_ore: i64,
    remaining: String,
    case_numbers: &'a [&'a str],
    report: Option<ReportJson>,
    posts: Vec<PostJson<'a>>,
    mandates: Vec<MandateJson<'a>>,
    acts: Vec<ActJson<'a>>,
    books: Vec<BookJson>,
}

#[derive(Serialize, JsonSchema)]
struct ReportJson {
    due: String,
    state: &'static str,
    given_on: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct PostJson<'a> {
    id: &'a str,
    label: &'a str,
    heading: Option<&'a str>,
    recipient: Option<&'a str>,
    reserve: bool,
    illustrative: bool,
    unverified: bool,
    stated: Option<RangeJson>,
    decided_ore: i64,
    moved_ore: i64,
    allotted_ore: i64,
    paid_ore: i64,
    settled_ore: i64,
    own_use_ore: i64,
    reported_ore: i64,
    used_ore: i64,
    returned_ore: i64,
    carried_ore: i64,
    repaid_ore: i64,
    outstanding_ore: i64,
    left_ore: i64,
    left: String,
    waits_for: Vec<&'a str>,
    final_report: Option<ReportJson>,
    settled_by: Vec<SourceJson<'a>>,
    recipients: Vec<RecipientJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct SourceJson<'a> {
    rate: &'a str,
    unit: &'a str,
    amount_ore: i64,
    amount: String,
}

#[derive(Serialize, JsonSchema)]
struct RecipientJson<'a> {
    recipient: &'a str,
    amount_ore: i64,
    amount: String,
}

#[derive(Serialize, JsonSchema)]
struct MandateJson<'a> {
    id: &'a str,
    holder: &'a str,
    cap_ore: Option<i64>,
    moved_ore: i64,
    room_ore: Option<i64>,
    valid_from: Option<String>,
    valid_to: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct ActJson<'a> {
    id: &'a str,
    act: &'static str,
    on: String,
    from: Option<&'a str>,
    to: Option<&'a str>,
    mandate: Option<&'a str>,
    recipient: Option<&'a str>,
    amount_ore: i64,
    amount: String,
}

#[derive(Serialize, JsonSchema)]
struct BookJson {
    account: &'static str,
    amount_ore: i64,
    amount: String,
}

impl<'a> AccountJson<'a> {
    /// The account on a day.
    pub(super) fn new(account: &'a Account<'_>, on: Day, origin: &'static str) -> Self {
        let total = &account.total;
        let remaining = account.remaining();
        Self {
            grant: &account.tree.grant.id,
            on: on.to_string(),
            origin,
            received_ore: account.received.ore(),
            received: account.received.to_string(),
            carried_in_ore: account.carried_in.ore(),
            carried_in: account.carried_in.to_string(),
            used_ore: total.used().ore(),
            used: total.used().to_string(),
            repaid_ore: total.repaid.ore(),
            repaid: total.repaid.to_string(),
            carried_ore: total.carried.ore(),
            carried: total.carried.to_string(),
            remaining_ore: remaining.ore(),
            remaining: remaining.to_string(),
            case_numbers: &account.case_numbers,
            report: account.report.map(report_json),
            posts: account.posts.iter().map(|post| post_json(account, post)).collect(),
            mandates: account.mandates.iter().map(mandate_json).collect(),
            acts: account.acts.iter().map(|act| act_json(act)).collect(),
            books: balances(account)
                .into_iter()
                .map(|(account, amount)| BookJson {
                    account: account.name(),
                    amount_ore: amount.ore(),
                    amount: amount.to_string(),
                })
                .collect(),
        }
    }
}

fn report_json(report: FinalReport) -> ReportJson {
    let given_on = match report.state {
        ReportState::Given(on) => Some(on.to_string()),
        _ => None,
    };
    ReportJson { due: report.due.to_string(), state: report.state.name(), given_on }
}

fn post_json<'a>(account: &'a Account<'_>, post: &'a Post<'_>) -> PostJson<'a> {
    let sums = &post.sums;
    let branch = post.branch.as_ref();
    PostJson {
        id: post.id,
        label: post_label(account, post),
        heading: post.heading,
        recipient: branch.and_then(|branch| branch.recipient),
        reserve: branch.is_some_and(|branch| branch.is_reserve),
        illustrative: post.illustrative,
        unverified: post.unverified,
        stated: branch.map(|branch| RangeJson::new(branch.amount)),
        decided_ore: sums.decided.ore(),
        moved_ore: (sums.moved_in - sums.moved_out).ore(),
        allotted_ore: sums.allotted().ore(),
        paid_ore: sums.paid.ore(),
        settled_ore: sums.settled.ore(),
        own_use_ore: sums.own_use.ore(),
        reported_ore: sums.reported.ore(),
        used_ore: sums.used().ore(),
        returned_ore: sums.returned.ore(),
        carried_ore: sums.carried.ore(),
        repaid_ore: sums.repaid.ore(),
        outstanding_ore: sums.outstanding().ore(),
        left_ore: sums.left().ore(),
        left: sums.left().to_string(),
        waits_for: post.waits_for.iter().map(|id| id.as_str()).collect(),
        final_report: post.final_report.map(report_json),
        settled_by: post
            .settled
            .iter()
            .map(|((rate, unit), amount)| SourceJson {
                rate,
                unit,
                amount_ore: amount.ore(),
                amount: amount.to_string(),
            })
            .collect(),
        recipients: post
            .recipients
            .iter()
            .map(|(recipient, amount)| RecipientJson {
                recipient,
                amount_ore: amount.ore(),
                amount: amount.to_string(),
            })
            .collect(),
    }
}

fn mandate_json<'a>(used: &MandateUse<'a>) -> MandateJson<'a> {
    let valid = used.mandate.valid;
    MandateJson {
        id: &used.mandate.id,
        holder: &used.mandate.holder,
        cap_ore: used.mandate.cap.map(|cap| cap.amount.ore()),
        moved_ore: used.moved.ore(),
        room_ore: used.room.map(Money::ore),
        valid_from: first_day(valid),
        valid_to: valid.last().map(|day| day.to_string()),
    }
}

fn first_day(valid: Period) -> Option<String> {
    (valid.from != Day::MIN).then(|| valid.from.to_string())
}

fn act_json<'a>(act: &'a GrantAct) -> ActJson<'a> {
    ActJson {
        id: &act.id,
        act: act.kind.name(),
        on: act.on.to_string(),
        from: act.from.as_deref(),
        to: act.to.as_deref(),
        mandate: act.mandate.as_deref(),
        recipient: act.recipient.as_deref(),
        amount_ore: act.amount.ore(),
        amount: act.amount.to_string(),
    }
}

/// What people call a post.
pub(crate) fn post_label<'a>(account: &'a Account<'_>, post: &'a Post<'_>) -> &'a str {
    match &post.branch {
        Some(branch) => label(branch.stated, post.id),
        None => label(account.tree.stated, post.id),
    }
}

/// Columns of the table of posts.
pub(super) const POST_HEADS: [Head; 16] = [
    text("grant", "Statsbidrag", "Grant"),
    text("post", "Post", "Post"),
    text("label", "Benämning", "Label"),
    number("decided_ore", "Beslutat", "Decided"),
    number("moved_ore", "Omfördelat", "Moved"),
    number("paid_ore", "Utbetalt", "Paid"),
    number("settled_ore", "Genom avräkning", "Settled"),
    number("used_ore", "Förbrukat", "Used"),
    number("returned_ore", "Tillbaka", "Returned"),
    number("carried_ore", "Överfört", "Carried"),
    number("repaid_ore", "Till staten", "Repaid"),
    number("outstanding_ore", "Hos mottagare", "Outstanding"),
    number("left_ore", "Kvar", "Left"),
    text("final_report_due", "Slutrapport", "Final report"),
    text("final_report", "Läge", "State"),
    text("mark", "Märke", "Mark"),
];

/// The posts as rows, the sum last.
pub(super) fn post_rows(out: Out, account: &Account<'_>) -> Vec<Vec<Cell>> {
    let grant = account.tree.grant.id.as_str();
    let row = |id: &str, shown: Cell, sums: &Sums, report: Option<FinalReport>, marks: Marks| {
        let mut cells: Vec<Cell> = vec![grant.into(), id.into(), shown];
        let moved = sums.moved_in - sums.moved_out;
        let amounts = [
            sums.decided,
            moved,
            sums.paid,
            sums.settled,
            sums.used(),
            sums.returned,
            sums.carried,
            sums.repaid,
            sums.outstanding(),
            sums.left(),
        ];
        cells.extend(amounts.map(blank_if_nothing));
        cells.push(report.map_or_else(String::new, |report| report.due.to_string()).into());
        let state = report.map(|report| words::report_state(out.lang, report.state));
        cells.push(state.unwrap_or_else(|| "".into()));
        cells.push(words::marks(out.lang, marks));
        cells
    };
    let mut rows = Vec::new();
    for post in &account.posts {
        let name = post_label(account, post);
        let shown = match (&post.branch, post.heading) {
            (None, _) => Cell::of(out.lang.pick("(ofördelat)", "(unallocated)"), name),
            (_, Some(_)) => Cell::of(&format!("  {name}"), name),
            _ => name.into(),
        };
        let Post { illustrative, unverified, .. } = *post;
        let marks = Marks { illustrative, unverified };
        rows.push(row(post.id, shown, &post.sums, post.final_report, marks));
    }
    let marks = Marks {
        illustrative: account.posts.iter().any(|post| post.illustrative),
        unverified: account.posts.iter().any(|post| post.unverified),
    };
    let sum = out.lang.pick("Summa", "Sum");
    rows.push(row("", Cell::of(sum, "sum"), &account.total, account.report, marks));
    rows
}

fn blank_if_nothing(amount: Money) -> Cell {
    if amount == Money::ZERO { Cell::of("", "0") } else { amount.into() }
}

/// Tells the account for people, or as CSV.
pub(super) fn tell_account(
    out: Out,
    account: &Account<'_>,
    origin: &'static str,
) -> Result<(), Failure> {
    let mut rows = post_rows(out, account);
    if out.format == Format::Csv {
        return out.table_of(origin, &POST_HEADS, &rows);
    }
    // Columns in which nothing stands are left out for people.
    let stands = |column: &usize| {
        rows.iter().any(|row| row.get(*column).is_some_and(|cell| !cell.shown().is_empty()))
    };
    let columns: Vec<usize> = (2..POST_HEADS.len()).filter(stands).collect();
    let heads: Vec<Head> = columns.iter().filter_map(|at| POST_HEADS.get(*at).copied()).collect();
    for row in &mut rows {
        *row = columns.iter().filter_map(|at| row.get(*at).cloned()).collect();
    }
    out.table(&heads, &rows)?;
    let total = &account.total;
    let (received, used) = (account.received, total.used());
    let (repaid, carried, remaining) = (total.repaid, total.carried, account.remaining());
    if account.carried_in != Money::ZERO {
        let amount = account.carried_in;
        out.say(
            &format!("\növerfört från tidigare år, utöver det mottagna: {amount}"),
            &format!("\ncarried forward from earlier years, beside what was received: {amount}"),
        );
    }
    out.say(
        &format!("\nmottaget {received} = förbrukat {used} + återbetalt {repaid} + överfört {carried} + kvar {remaining}"),
        &format!("\nreceived {received} = used {used} + repaid {repaid} + carried forward {carried} + remaining {remaining}"),
    );
    say_sources(out, account);
    for used in &account.mandates {
        let (id, holder, moved) = (&used.mandate.id, &used.mandate.holder, used.moved);
        match used.room {
            Some(room) => out.say(
                &format!("mandat {id} ({holder}): {moved} använt, {room} återstår"),
                &format!("mandate {id} ({holder}): {moved} used, {room} left"),
            ),
            None => out.say(
                &format!("mandat {id} ({holder}): {moved} använt, inget tak"),
                &format!("mandate {id} ({holder}): {moved} used, no cap"),
            ),
        }
    }
    if let Some(report) = account.report {
        let (due, state) = (report.due, words::report_state(out.lang, report.state));
        let (state, cases) = (state.shown(), account.case_numbers.join(", "));
        out.say(
            &format!("återrapport till staten senast {due}: {state}; ärenden: {cases}"),
            &format!("account to the state by {due}: {state}; cases: {cases}"),
        );
    }
    Ok(())
}

fn say_sources(out: Out, account: &Account<'_>) {
    for post in &account.posts {
        let mut by_rate: BTreeMap<&str, Money> = BTreeMap::new();
        for ((rate, _), amount) in &post.settled {
            *by_rate.entry(rate).or_default() += *amount;
        }
        for (rate, amount) in by_rate {
            let id = post.id;
            out.say(
                &format!("genom avräkning ur {id}: {amount} enligt nivån {rate}"),
                &format!("settled out of {id}: {amount} by the rate {rate}"),
            );
        }
    }
}
