//! What the accounts come to.

use super::books_only;
use crate::commands::books::{Balances, By, sums};
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Block, Page};
use crate::web::table::{Cell, Table, money, text};
use crate::web::work::{Found, found};
use crate::words;
use clap::ValueEnum;
use kernel::ledger::Account;
use std::sync::Arc;

/// By what the page adds up, with its words.
const WAYS: [(By, &str, &str); 3] = [
    (By::Account, "Konto", "Account"),
    (By::Unit, "Konto och enhet", "Account and unit"),
    (By::Element, "Konto och ersättningsslag", "Account and element"),
];

/// Shows the balances.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    books_only(ask)?;
    let asked = ask.query.value("per").unwrap_or("account");
    let by = By::from_str(asked, false).unwrap_or(By::Account);
    let place = Arc::clone(&ask.place);
    let made =
        found(ask, &format!("konton {by:?}"), move || sums(&place.data.apart()?, None, None, by))?;
    let page = match made {
        Found::Waits(page) => page,
        Found::Made(balances) => page(ask, by, &balances),
    };
    Ok(page.under(ask.say("Avräkning", "Settlement"), "/avrakning").into())
}

fn page(ask: &Ask, by: By, balances: &Balances) -> Page {
    let labels = &ask.place.labels;
    let row = |((account, key), sides): (&(String, String), &crate::commands::books::Sides)| {
        let name = Account::parse(account).map_or_else(
            || account.as_str().into(),
            |known| Cell::of(ask.lang.of(&words::account(known)), account),
        );
        let mut cells = vec![name];
        match by {
            By::Account => {}
            By::Unit => cells.push(labels.unit(key).into()),
            By::Element => cells.push(labels.element(key).into()),
            _ => cells.push(key.as_str().into()),
        }
        cells.extend([sides.debit, sides.credit, sides.balance()].map(Cell::from));
        cells
    };
    let mut columns = vec![text("account", "Konto", "Account")];
    if by != By::Account {
        columns.push(text("key", "Fördelat på", "By"));
    }
    columns.extend([
        money("debit_ore", "Debet", "Debit").summed(),
        money("credit_ore", "Kredit", "Credit").summed(),
        money("balance_ore", "Saldo", "Balance").summed(),
    ]);
    let table = Table::new("konton", ask.say("Saldon", "Balances"), columns)
        .rows(balances.iter().map(row))
        .empty(ask.say(
            "Här står kontona när den första avräkningen är bokförd.",
            "The accounts stand here once the first settlement is booked.",
        ))
        .origin(ask.place.origin());
    let lead = ask.say(
        "Allt som är bokfört. Varje verifikation går jämnt ut, så saldona är noll tillsammans.",
        "All that is booked. Every entry balances, so the balances are zero together.",
    );
    let ways = WAYS.iter().map(|(way, sv, en)| {
        let name =
            way.to_possible_value().map_or_else(String::new, |one| one.get_name().to_owned());
        (ask.lang.pick(sv, en).to_owned(), format!("/avrakning/konton?per={name}"))
    });
    Page::new(ask.say("Konton", "Accounts"))
        .lead(lead)
        .with(Block::Links(ways.collect()))
        .with(table)
}
