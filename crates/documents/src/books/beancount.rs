//! Ledgers of Beancount.
//!
//! Owns: directives, account names and metadata. Does not own: the vouchers.
//!
//! `  Expenses:4412-Köpt-vård  14200.00 SEK`, with `unit: "kk-a"` on the line below.

use super::{Account, Books, Class, Voucher};
use crate::amount::point;
use crate::letters::{is_latin, one_line};
use crate::refusal::Refusal;
use std::collections::BTreeMap;

/// A ledger in UTF-8. Accounts are `Class:number-name`, opened on the first day; what a posting can be followed by is its
/// metadata. A quotation mark is written as `\"`.
///
/// # Errors
/// What [`Books::check`] finds.
pub fn write(books: &Books) -> Result<String, Refusal> {
    books.check()?;
    let names: BTreeMap<u32, String> =
        books.accounts.iter().map(|account| (account.number, name(account))).collect();
    let mut text = format!("; {}\n", one_line(&books.heading()));
    if let Some(number) = books.region.stated()? {
        text += &format!("; organisationsnummer {}\n", number.dashed());
    }
    text += &format!("\noption \"title\" {}\n", quoted(&books.heading()));
    text += "option \"operating_currency\" \"SEK\"\n\n";
    for account in &books.accounts {
        text += &format!(
            "{} open {} SEK\n  label: {}\n",
            books.from,
            name(account),
            quoted(&account.label)
        );
    }
    for voucher in &books.vouchers {
        text += &transaction(books, voucher, &names);
    }
    Ok(text)
}

fn transaction(books: &Books, voucher: &Voucher, names: &BTreeMap<u32, String>) -> String {
    let narration = quoted(&books.marking.before(&voucher.text));
    let tag = if books.marking.synthetic { " #syntetiska-data" } else { "" };
    let mut text = format!("\n{} * {narration}{tag}\n", voucher.day);
    text += &format!("  voucher: {}\n", quoted(&voucher.name()));
    for posting in &voucher.postings {
        let name = names.get(&posting.account).map_or("", String::as_str);
        text += &format!("  {name}  {} SEK\n", point(posting.amount));
        for (key, value) in posting.tags() {
            text += &format!("    {key}: {}\n", quoted(&value));
        }
    }
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// `Expenses:4412-Köpt-vård`: letters, digits and hyphens only.
fn name(account: &Account) -> String {
    let class = match account.class() {
        Class::Asset => "Assets",
        Class::Liability => "Liabilities",
        Class::Revenue => "Income",
        Class::Expense => "Expenses",
        Class::Internal => "Equity",
    };
    let label = one_line(&account.label);
    let label: String = label.chars().map(|c| if is_latin(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = label.split_whitespace().collect();
    let number = account.number.to_string();
    let parts: Vec<&str> = std::iter::once(number.as_str()).chain(words).collect();
    format!("{class}:{}", parts.join("-"))
}
