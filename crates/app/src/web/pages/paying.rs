//! Betalningar: payment runs and files for the bank and the accounting system.
//!
//! Owns: how what can be paid and what was sent are told. Does not own: what can be paid (`kernel::journal`), or the files
//! (`commands::export`).

mod acts;
mod files;

use super::settling::books_only;
use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Block, Page};
use crate::web::query::encoded;
use crate::web::rights::Right;
use crate::web::route::{Act, Route};
use crate::web::table::{Cell, Table, count, money, text};
use crate::words;
use kernel::journal::{Journal, Payment, PaymentState};
use kernel::money::Money;
use std::collections::{BTreeMap, BTreeSet};

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/betalningar", needs: Right::SeeAmounts, show },
    Route { path: "/betalningar/bok", needs: Right::SeeAmounts, show: files::books },
    Route { path: "/betalningar/fakturor", needs: Right::Pay, show: files::invoices },
    Route { path: "/betalningar/{run}", needs: Right::SeeAmounts, show: run },
    Route { path: "/betalningar/{run}/pain001", needs: Right::Pay, show: files::pain001 },
    Route { path: "/betalningar/{run}/betald", needs: Right::Pay, show: run },
    Route { path: "/betalningar/{run}/atersand", needs: Right::Pay, show: run },
];

/// What is done.
pub const ACTS: &[Act] = &[
    Act { path: "/betalningar", needs: Right::Pay, act: acts::send, back: show },
    Act { path: "/betalningar/{run}/betald", needs: Right::Pay, act: acts::confirm, back: run },
    Act { path: "/betalningar/{run}/atersand", needs: Right::Pay, act: acts::returned, back: run },
];

/// What a payee is owed and what of it can be paid.
#[derive(Clone, Copy, Default)]
struct Owed {
    owed: Money,
    sent: Money,
    held_back: Money,
    now: Money,
}

fn of_payees(journal: &Journal) -> BTreeMap<&str, Owed> {
    let mut payees: BTreeMap<&str, Owed> = BTreeMap::new();
    for (share, owed) in &journal.owed {
        payees.entry(&share.payee).or_default().owed += *owed;
    }
    for ((_, payee), payment) in &journal.payments {
        if payment.state != PaymentState::Returned {
            payees.entry(payee).or_default().sent += payment.amount();
        }
    }
    for dispute in journal.disputes.values() {
        payees.entry(&dispute.row.payee).or_default().held_back += dispute.frozen();
    }
    payees
}

fn show(ask: &Ask) -> Result<Answer, Failure> {
    books_only(ask)?;
    let data = &ask.place.data;
    let journal = data.journal();
    let to_pay = journal.to_pay();
    let total: Money = to_pay.iter().map(|row| row.amount).sum();
    let mut payees = of_payees(journal);
    for row in &to_pay {
        if let Some(payee) = payees.get_mut(row.payee.as_str()) {
            payee.now += row.amount;
        }
    }
    let lead = ask.say(
        "Vad som kan betalas nu, vad som är på väg till banken och vad banken har svarat.",
        "What can be paid now, what is on its way to the bank, and what the bank has answered.",
    );
    let page = Page::new(ask.say("Betalningar", "Payments"))
        .under(ask.say("Avräkning", "Settlement"), "/avrakning")
        .lead(lead)
        .with(waiting(ask, &payees))
        .maybe(debts(ask, &payees));
    let receivers: BTreeSet<&str> = to_pay.iter().map(|row| row.payee.as_str()).collect();
    let page = if ask.may(Right::Pay) && !receivers.is_empty() {
        page.with(send_form(ask, total, receivers.len()))
    } else {
        page
    };
    Ok(page.with(runs(ask, journal)).with(files::block(ask)).into())
}

fn send_form(ask: &Ask, total: Money, payees: usize) -> Form {
    let button = ask
        .say("Sänd {x} till {n} vårdgivare", "Send {x} to {n} providers")
        .replace("{x}", &total.to_string())
        .replace("{n}", &payees.to_string());
    let lead = ask.say(
        "Allt som kan betalas blir en betalning. Filen till banken hämtas sedan på betalningens sida.",
        "All that can be paid becomes one run. The file for the bank is then on the page of the run.",
    );
    let total = total.ore().to_string();
    Form::new("/betalningar", button).lead(lead).hidden("total", &total).binding()
}

fn payee(ask: &Ask, id: &str) -> Cell {
    let name = ask.place.labels.provider_name(id).unwrap_or(id);
    Cell::of(name, id).to(format!("/vardgivare/{}", encoded(id)))
}

fn waiting(ask: &Ask, payees: &BTreeMap<&str, Owed>) -> Table {
    let rows = payees.iter().filter(|(_, of)| of.now != Money::ZERO);
    let rows = rows.map(|(id, of)| {
        vec![payee(ask, id), of.owed.into(), of.sent.into(), of.held_back.into(), of.now.into()]
    });
    let columns = vec![
        text("payee", "Betalningsmottagare", "Payee"),
        money("owed_ore", "Avräknat", "Settled").summed(),
        money("sent_ore", "Redan sänt", "Already sent").summed(),
        money("held_back_ore", "Innehållet", "Held back").summed(),
        money("amount_ore", "Kan betalas nu", "Can be paid now").summed(),
    ];
    Table::new("attbetala", ask.say("Kan betalas nu", "Can be paid now"), columns)
        .rows(rows)
        .empty(ask.say(
            "Inget väntar på betalning. Här står vad varje vårdgivare ska ha när en avräkning är bokförd.",
            "Nothing waits to be paid. What each provider is to have stands here once a settlement is booked.",
        ))
        .origin(ask.place.origin())
}

/// Payees that owe more than they are owed: they wait for more.
fn debts(ask: &Ask, payees: &BTreeMap<&str, Owed>) -> Option<Table> {
    let left = |of: &Owed| of.owed - of.sent - of.held_back;
    let rows: Vec<_> = payees
        .iter()
        .filter(|(_, of)| left(of) < Money::ZERO)
        .map(|(id, of)| vec![payee(ask, id), left(of).into()])
        .collect();
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        text("payee", "Betalningsmottagare", "Payee"),
        money("amount_ore", "Skuld till regionen", "Debt to the region").summed(),
    ];
    let caption = ask.say(
        "Väntar med skuld: dras av när de ska ha mer än så",
        "Wait with a debt: taken off once they are owed more",
    );
    Some(Table::new("skulder", caption, columns).rows(rows).short().origin(ask.place.origin()))
}

/// What a run comes to, by where its payments are.
#[derive(Default)]
struct Run {
    payees: usize,
    sent_on: String,
    order: usize,
    sent: Money,
    paid: Money,
    returned: Money,
}

fn runs(ask: &Ask, journal: &Journal) -> Table {
    let mut runs: BTreeMap<&str, Run> = BTreeMap::new();
    for ((run, _), payment) in &journal.payments {
        let of = runs.entry(run).or_default();
        (of.payees, of.order) = (of.payees + 1, payment.order);
        of.sent_on = payment.sent_on.to_string();
        *match payment.state {
            PaymentState::Sent => &mut of.sent,
            PaymentState::Paid => &mut of.paid,
            PaymentState::Returned => &mut of.returned,
        } += payment.amount();
    }
    let mut runs: Vec<_> = runs.into_iter().collect();
    runs.sort_by_key(|(_, of)| std::cmp::Reverse(of.order));
    let row = |(id, of): (&str, Run)| {
        vec![
            Cell::from(id).to(format!("/betalningar/{}", encoded(id))),
            of.sent_on.into(),
            of.payees.into(),
            of.sent.into(),
            of.paid.into(),
            of.returned.into(),
        ]
    };
    let columns = vec![
        text("run", "Betalning", "Payment"),
        text("sent_on", "Sänd", "Sent on"),
        count("payees", "Mottagare", "Payees"),
        money("sent_ore", "Väntar på banken", "Waits for the bank"),
        money("paid_ore", "Betalt", "Paid"),
        money("returned_ore", "Återsänt", "Returned"),
    ];
    Table::new("betalningar", ask.say("Betalningar till banken", "Payment runs"), columns)
        .rows(runs.into_iter().map(row))
        .empty(ask.say(
            "Här står varje betalning som har sänts till banken.",
            "Every run that was sent to the bank stands here.",
        ))
        .origin(ask.place.origin())
}

/// Some settlements by the first and the last; programs read them all.
fn first_and_last(ask: &Ask, settlements: &BTreeSet<&str>) -> Cell {
    let all = settlements.iter().copied().collect::<Vec<_>>().join(", ");
    match (settlements.first(), settlements.last()) {
        (Some(first), Some(last)) if settlements.len() > 2 => {
            let count = settlements.len();
            let to = ask.say("till", "to");
            Cell::of(&format!("{count}: {first} {to} {last}"), &all)
        }
        _ => all.into(),
    }
}

fn run(ask: &Ask) -> Result<Answer, Failure> {
    books_only(ask)?;
    let id = ask.param("run");
    let all = ask.place.data.journal().payments.iter();
    let payments: Vec<(&str, &Payment)> = all
        .filter(|((run, _), _)| run == id)
        .map(|((_, payee), payment)| (payee.as_str(), payment))
        .collect();
    let Some((_, first)) = payments.first() else { return Err(missing()) };
    let waiting: Vec<&str> = payments
        .iter()
        .filter(|(_, one)| one.state == PaymentState::Sent)
        .map(|(payee, _)| *payee)
        .collect();
    let row = |(id, payment): &(&str, &Payment)| {
        let settlements: BTreeSet<&str> =
            payment.rows.iter().map(|row| row.settlement.as_str()).collect();
        vec![
            payee(ask, id),
            first_and_last(ask, &settlements),
            words::payment_state(ask.lang, payment.state).into(),
            payment.amount().into(),
        ]
    };
    let columns = vec![
        text("payee", "Betalningsmottagare", "Payee"),
        text("settlements", "Avräkningar", "Settlements"),
        text("state", "Läge", "State"),
        money("amount_ore", "Belopp", "Amount").summed(),
    ];
    let table = Table::new("mottagare", ask.say("Mottagare", "Payees"), columns)
        .rows(payments.iter().map(row))
        .origin(ask.place.origin());
    let mut page = Page::new(format!("{} {id}", ask.say("Betalning", "Payment")))
        .under(ask.say("Avräkning", "Settlement"), "/avrakning")
        .under(ask.say("Betalningar", "Payments"), "/betalningar")
        .lead(format!("{} {}.", ask.say("Sänd till banken", "Sent to the bank"), first.sent_on))
        .with(table);
    if ask.may(Right::Pay) && !waiting.is_empty() {
        page = page.with(files::pain001_form(ask, id));
        let answers = [
            ("betald", "Banken har betalt", "The bank has paid"),
            ("atersand", "Banken har återsänt", "The bank has returned"),
        ];
        let forms = answers.map(|(path, sv, en)| {
            let label = ask.say("Gäller", "About");
            let all = ask.say("alla som väntar på banken", "all that wait for the bank");
            let mut choices = vec![(String::new(), all.to_owned())];
            choices.extend(waiting.iter().map(|id| {
                let name = ask.place.labels.provider_name(id).unwrap_or(id);
                ((*id).to_owned(), name.to_owned())
            }));
            let field = Field::new(ask, "payee", label, Input::Choice(choices), "");
            let action = format!("/betalningar/{}/{path}", encoded(id));
            vec![Form::new(action, ask.lang.pick(sv, en)).field(field).binding().into()]
        });
        page = page.heading(ask.say("Bankens svar", "The answer of the bank"));
        page = page.with(Block::Columns(forms.into()));
    }
    Ok(page.into())
}
