//! Journals of hledger.
//!
//! Owns: directives, account names and tags. Does not own: the vouchers.
//!
//! `    4412 Köpt vård  14200.00 SEK  ; unit:kk-a, element:continuity-add-on, care-month:2023-01`

use super::{Account, Books, Class, Posting, Voucher};
use crate::amount::point;
use crate::letters::{is_latin, one_line};
use crate::refusal::Refusal;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A journal in UTF-8. Accounts are `number name`, declared with their type; what a posting can be followed by are tags, in
/// whose values a comma is written as `;`.
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
    text += "\ndecimal-mark .\ncommodity 1000.00 SEK\n\n";
    for account in &books.accounts {
        let kind = match account.class() {
            Class::Asset => "A",
            Class::Liability => "L",
            Class::Revenue => "R",
            Class::Expense => "X",
            Class::Internal => "E",
        };
        text += &format!("account {}  ; type:{kind}\n", name(account));
    }
    for voucher in &books.vouchers {
        transaction(&mut text, books, voucher, &names);
    }
    Ok(text)
}

fn transaction(text: &mut String, books: &Books, voucher: &Voucher, names: &BTreeMap<u32, String>) {
    let description = plain(&books.marking.before(&voucher.text));
    text.push_str(format!("\n{} ({}) {description}", voucher.day, voucher.name()).trim_end());
    text.push('\n');
    for posting in &voucher.postings {
        let name = names.get(&posting.account).map_or("", String::as_str);
        let line = format!("    {name}  {} SEK{}", point(posting.amount), tags(posting));
        text.push_str(&line);
        text.push('\n');
    }
}

fn tags(posting: &Posting) -> String {
    let mut text = String::new();
    for (key, value) in posting.tags() {
        let before = if text.is_empty() { "  ; " } else { ", " };
        // Writing to a text cannot fail.
        let _ = write!(text, "{before}{key}:{}", one_line(&value).replace(',', ";"));
    }
    text
}

/// A semicolon would begin a comment, and a bar part the payee from a note.
fn plain(text: &str) -> String {
    one_line(text).replace(';', ",").replace('|', "/")
}

/// `4412 Köpt vård`: two spaces would end the name, a colon begin a sub-account.
fn name(account: &Account) -> String {
    let label = one_line(&account.label);
    let words: String =
        label.chars().map(|c| if is_latin(c) || c == '-' { c } else { ' ' }).collect();
    one_line(&format!("{} {words}", account.number))
}
