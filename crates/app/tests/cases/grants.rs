//! The step `grant`: a state grant on a day, post by post.
//!
//! Owns: which decisions are refused for their acts, and how an account is written. Does not own: any amount.

use kernel::fact::{Decision, Fact};
use kernel::grant::{Account, Breach, ReportState, Settled, account, balances, breaches};
use kernel::money::Money;
use kernel::register::Register;
use kernel::time::Day;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A decision that was not entered, with the day and what it would have exceeded.
pub struct Refused {
    day: Day,
    id: String,
    breaches: Vec<Breach>,
}

/// Enters decisions in order, those left out that exceed a limit of a grant.
pub fn enter(stated: Vec<(Day, Decision)>) -> (Register, Vec<Refused>) {
    let (mut register, mut refused) = (Register::default(), Vec::new());
    for (day, decision) in stated {
        let grants: BTreeSet<String> = decision
            .facts
            .iter()
            .filter_map(|stated| match &stated.fact {
                Fact::GrantAct(act) => Some(act.grant.clone()),
                _ => None,
            })
            .collect();
        let id = decision.id.to_string();
        let mut with = register.clone();
        with.record(day, Arc::new(decision));
        let breaches: Vec<Breach> =
            grants.iter().flat_map(|grant| breaches(&with, u32::MAX, grant, &[])).collect();
        if breaches.is_empty() {
            register = with;
        } else {
            refused.push(Refused { day, id, breaches });
        }
    }
    (register, refused)
}

/// The account of a grant on a day.
pub fn written(
    register: &Register,
    refused: &[Refused],
    grant: &str,
    day: Day,
    settled: &[Settled],
) -> Vec<String> {
    let Some(told) = account(register, register.as_of(day), grant, day, settled) else {
        return vec!["  nothing".to_owned()];
    };
    hold(&told);
    let mut rows: Vec<Vec<String>> = vec![
        ["post", "allotted", "paid", "used", "with recipients", "left"].map(str::to_owned).into(),
    ];
    for post in &told.posts {
        let sums = &post.sums;
        let paid = sums.paid + sums.settled;
        let amounts = [sums.allotted(), paid, sums.used(), sums.outstanding(), sums.left()];
        let mut row = vec![post.id.to_owned()];
        row.extend(amounts.map(amount));
        if let Some(report) = post.final_report {
            row.push(state("final report", report.due, report.state));
        }
        rows.push(row);
    }
    let mut lines = aligned(&rows);
    let total = &told.total;
    lines.push(format!("  received         {}", amount(told.received)));
    lines.push(format!("  used             {}", amount(total.used())));
    lines.push(format!("  repaid           {}", amount(total.repaid)));
    lines.push(format!("  carried forward  {}", amount(total.carried)));
    lines.push(format!("  remaining        {}", amount(told.remaining())));
    for (account, of) in balances(&told).iter().filter(|(_, of)| **of != Money::ZERO) {
        lines.push(format!("  books {account}  {}", amount(*of)));
    }
    for used in &told.mandates {
        let room = used.room.map_or_else(|| "no cap".to_owned(), amount);
        lines.push(format!(
            "  mandate {}  moved {}  room {room}",
            used.mandate.id,
            amount(used.moved)
        ));
    }
    if let Some(report) = told.report {
        let cases = told.case_numbers.join(", ");
        lines.push(format!(
            "  {}  {cases}",
            state("account to the state", report.due, report.state)
        ));
    }
    for one in refused.iter().filter(|one| one.day <= day) {
        for breach in &one.breaches {
            let Breach { kind, id, by, .. } = breach;
            lines.push(format!("  refused {} of {}: {kind} {id} {}", one.id, one.day, amount(*by)));
        }
    }
    lines
}

fn hold(told: &Account<'_>) {
    let total = &told.total;
    let parts = total.used() + total.repaid + total.carried + told.remaining();
    assert_eq!(told.received + told.carried_in, parts, "{}", told.tree.grant.id);
    assert_eq!(balances(told).values().copied().sum::<Money>(), Money::ZERO);
}

fn state(what: &str, due: Day, state: ReportState) -> String {
    match state {
        ReportState::Given(on) => format!("{what} due {due}, given {on}"),
        other => format!("{what} due {due}, {}", other.name()),
    }
}

fn amount(money: Money) -> String {
    money.to_string().replace('\u{a0}', " ")
}

/// The first column to the left, amounts to the right.
fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let line = |row: &Vec<String>| {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let padding = " ".repeat(width(column) - cell.chars().count());
            line.push_str("  ");
            line.push_str(&match column {
                0 | 6 => format!("{cell}{padding}"),
                _ => format!("{padding}{cell}"),
            });
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
