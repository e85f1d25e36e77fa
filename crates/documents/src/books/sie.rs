//! SIE type 4I: vouchers that a financial system imports (SIE-gruppen, filformat utgåva 4B).
//!
//! Owns: the order of the records, code page 437, quoting. Does not own: the vouchers.
//!
//! `#TRANS 4412 {1 "kk-a" 6 "continuity-add-on"} 14200.00 "" "vårdmånad 2023-01, orsak current"`

use super::{Books, Posting, Voucher};
use crate::amount::point;
use crate::letters::within;
use crate::refusal::Refusal;
use kernel::time::Day;
use std::collections::BTreeSet;

/// Cost centre (kostnadsställe), reserved by the format: the unit.
const UNIT: u8 = 1;
/// Project (projekt), reserved by the format: the element of pay.
const ELEMENT: u8 = 6;

/// The upper half of code page 437, from 0x80; the lower half is ASCII.
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■";

/// The bytes of a file of type 4I in code page 437, lines ending in CR LF. Characters outside the code page are written as the
/// nearest that it has, else `?`; a quotation mark as `\"`, a backslash as `/`.
///
/// # Errors
/// What [`Books::check`] finds.
pub fn write(books: &Books) -> Result<Vec<u8>, Refusal> {
    books.check()?;
    let mut lines = heading(books)?;
    lines.extend(objects(books));
    let konto =
        |account: &super::Account| format!("#KONTO {} {}", account.number, quoted(&account.label));
    lines.extend(books.accounts.iter().map(konto));
    for voucher in &books.vouchers {
        lines.extend(verification(books, voucher));
    }
    lines.push(String::new());
    Ok(lines.join("\r\n").chars().filter_map(byte).collect())
}

fn heading(books: &Books) -> Result<Vec<String>, Refusal> {
    let mut lines = vec![
        "#FLAGGA 0".to_owned(),
        format!("#PROGRAM {} {}", quoted("Vårdkedja"), quoted(env!("CARGO_PKG_VERSION"))),
        "#FORMAT PC8".to_owned(),
        format!("#GEN {}", day(books.made_on)),
        "#SIETYP 4".to_owned(),
        format!("#PROSA {}", quoted(&books.heading())),
    ];
    if let Some(number) = books.region.stated()? {
        lines.push(format!("#ORGNR {}", number.dashed()));
    }
    lines.push(format!("#FNAMN {}", quoted(&books.region.name)));
    Ok(lines)
}

/// Both dimensions, and each unit and element that a posting names.
fn objects(books: &Books) -> Vec<String> {
    let postings = || books.vouchers.iter().flat_map(|voucher| &voucher.postings);
    let units = postings().filter_map(|posting| posting.unit.as_deref());
    let elements = postings().filter_map(|posting| posting.element.as_deref());
    let mut lines = vec![
        format!("#DIM {UNIT} {}", quoted("Kostnadsställe")),
        format!("#DIM {ELEMENT} {}", quoted("Projekt")),
    ];
    let mut list = |dimension, ids: BTreeSet<&str>, labels: &[super::Label]| {
        for id in ids.into_iter().filter(|id| !id.is_empty()) {
            let label = labels.iter().find(|label| label.id == id).map_or(id, |found| &found.label);
            lines.push(format!("#OBJEKT {dimension} {} {}", quoted(id), quoted(label)));
        }
    };
    list(UNIT, units.collect(), &books.units);
    list(ELEMENT, elements.collect(), &books.elements);
    lines
}

fn verification(books: &Books, voucher: &Voucher) -> Vec<String> {
    let text = quoted(&books.marking.before(&voucher.text));
    let head =
        format!("#VER {} {} {} {text}", quoted(&voucher.series), voucher.number, day(voucher.day));
    let rows = voucher.postings.iter().map(transaction);
    [head, "{".to_owned()].into_iter().chain(rows).chain(["}".to_owned()]).collect()
}

fn transaction(posting: &Posting) -> String {
    let dimensions = [(UNIT, &posting.unit), (ELEMENT, &posting.element)];
    let objects = dimensions.into_iter().filter_map(|(dimension, id)| {
        let id = id.as_deref().filter(|id| !id.is_empty())?;
        Some(format!("{dimension} {}", quoted(id)))
    });
    let objects: Vec<String> = objects.collect();
    let details = posting.details();
    let text: Vec<String> =
        details.iter().map(|(_, word, value)| format!("{word} {value}")).collect();
    let (objects, text) = (objects.join(" "), quoted(&text.join(", ")));
    format!("#TRANS {} {{{objects}}} {} \"\" {text}", posting.account, point(posting.amount))
}

fn day(day: Day) -> String {
    day.to_string().replace('-', "")
}

fn quoted(text: &str) -> String {
    let held = within(&text.replace('\\', "/"), |c| byte(c).is_some());
    format!("\"{}\"", held.replace('"', "\\\""))
}

/// The byte of a character in code page 437.
fn byte(c: char) -> Option<u8> {
    if c.is_ascii() {
        return u8::try_from(c).ok();
    }
    let place = UPPER.chars().position(|other| other == c)?;
    u8::try_from(0x80 + place).ok()
}
