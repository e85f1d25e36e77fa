//! Books as an Excel workbook: every posting a row, and the accounts with sums as formulas over them.
//!
//! Owns: the sheets. Does not own: the books, or how a sheet is written (`sheet.rs`).
//!
//! The debit of an account is `=SUMIFS('Verifikationer'!N4:N90;'Verifikationer'!D4:D90;A4)`, so that a reader sees what it is made of.

use super::{Books, Posting, Voucher};
use crate::refusal::Refusal;
use crate::sheet::{Cell, Sheet, column_name, workbook};
use kernel::money::Money;

/// Rows that a sheet of Excel holds, and those that are not postings.
const ROWS: usize = 1_048_576 - 16;

const HEADS: [&str; 16] = [
    "Verifikation",
    "Bokföringsdag",
    "Text",
    "Konto",
    "Kontonamn",
    "Enhet",
    "Ersättningsslag",
    "Betalare",
    "Betalningsmottagare",
    "Vårdmånad",
    "Orsak",
    "Beslut",
    "Finansiering",
    "Debet",
    "Kredit",
    "Märke",
];
const ACCOUNT: u16 = 3;
const DEBIT: u16 = 13;
const CREDIT: u16 = 14;

/// The bytes of the workbook.
///
/// # Errors
/// Where the books do not balance (`Books::check`), or have more postings than a sheet holds.
pub fn write(books: &Books) -> Result<Vec<u8>, Refusal> {
    books.check()?;
    let postings = books.vouchers.iter().map(|voucher| voucher.postings.len()).sum();
    if postings > ROWS {
        return Err(Refusal::TooManyRows { rows: postings, max: ROWS });
    }
    let journal = journal(books)?;
    let accounts = accounts(books, &journal)?;
    workbook(&[accounts, journal]).map_err(|error| Refusal::Layout { message: error.to_string() })
}

fn debit(amount: Money) -> Money {
    amount.max(Money::ZERO)
}

fn credit(amount: Money) -> Money {
    -amount.min(Money::ZERO)
}

/// What comes to an account, or to all; as debit and as credit.
fn sums(books: &Books, is_meant: impl Fn(&Posting) -> bool) -> Result<[Money; 2], Refusal> {
    let postings = books.vouchers.iter().flat_map(|voucher| &voucher.postings);
    let mut sums = [Money::ZERO; 2];
    for posting in postings.filter(|posting| is_meant(posting)) {
        for (sum, part) in sums.iter_mut().zip([debit(posting.amount), credit(posting.amount)]) {
            *sum = sum.plus(part).ok_or(Refusal::TooLarge)?;
        }
    }
    Ok(sums)
}

fn journal(books: &Books) -> Result<Sheet, Refusal> {
    let mut sheet = sheet(books, "Verifikationer", &HEADS);
    let mark = books.marking.words().unwrap_or_default();
    for voucher in &books.vouchers {
        for posting in &voucher.postings {
            sheet.rows.push(row(books, voucher, posting, &mark));
        }
    }
    let last = sheet.row_number(sheet.rows.len()).saturating_sub(1);
    let all = sheet.row_number(0)..=last;
    let [debit, credit] = sums(books, |_| true)?;
    let mut sum = vec![Cell::Blank; HEADS.len()];
    for (at, cell) in [
        (0, Cell::text("Summa")),
        (DEBIT, Cell::sum(DEBIT, all.clone(), debit)),
        (CREDIT, Cell::sum(CREDIT, all, credit)),
        (CREDIT + 1, Cell::text(mark)),
    ] {
        if let Some(place) = sum.get_mut(usize::from(at)) {
            *place = cell;
        }
    }
    sheet.rows.push(sum);
    sheet.sums = 1;
    Ok(sheet)
}

fn row(books: &Books, voucher: &Voucher, posting: &Posting, mark: &str) -> Vec<Cell> {
    let some = |text: &Option<String>| text.as_deref().map_or(Cell::Blank, Cell::text);
    let side = |amount: Money| match amount {
        Money::ZERO => Cell::Blank,
        amount => Cell::Amount(amount),
    };
    vec![
        Cell::text(voucher.name()),
        Cell::text(voucher.day.to_string()),
        Cell::text(&voucher.text),
        Cell::text(posting.account.to_string()),
        Cell::text(label(books, posting.account)),
        some(&posting.unit),
        some(&posting.element),
        some(&posting.payer),
        some(&posting.payee),
        posting.care_month.map_or(Cell::Blank, |month| Cell::text(month.to_string())),
        some(&posting.cause),
        some(&posting.decision),
        some(&posting.financing),
        side(debit(posting.amount)),
        side(credit(posting.amount)),
        Cell::text(mark),
    ]
}

/// A row for each account: debit and credit as sums over the postings, and their difference.
fn accounts(books: &Books, journal: &Sheet) -> Result<Sheet, Refusal> {
    let heads = ["Konto", "Kontonamn", "Debet", "Kredit", "Saldo", "Märke"];
    let mut sheet = sheet(books, "Konton", &heads);
    let (first, last) =
        (journal.row_number(0), journal.row_number(journal.rows.len()).saturating_sub(2));
    let of = |column| {
        let column = column_name(column);
        format!("'{}'!${column}${first}:${column}${last}", journal.name)
    };
    let mark = books.marking.words().unwrap_or_default();
    for account in &books.accounts {
        let row = sheet.row_number(sheet.rows.len());
        let [debit, credit] = sums(books, |posting| posting.account == account.number)?;
        let sum = |column, result| Cell::Formula {
            text: format!("SUMIFS({},{},A{row})", of(column), of(ACCOUNT)),
            result,
        };
        sheet.rows.push(vec![
            Cell::text(account.number.to_string()),
            Cell::text(&account.label),
            sum(DEBIT, debit),
            sum(CREDIT, credit),
            Cell::Formula { text: format!("C{row}-D{row}"), result: debit - credit },
            Cell::text(&mark),
        ]);
    }
    let all = sheet.row_number(0)..=sheet.row_number(sheet.rows.len()).saturating_sub(1);
    let [debit, credit] = sums(books, |_| true)?;
    sheet.rows.push(vec![
        Cell::text("Summa"),
        Cell::Blank,
        Cell::sum(2, all.clone(), debit),
        Cell::sum(3, all.clone(), credit),
        Cell::sum(4, all, debit - credit),
        Cell::text(mark),
    ]);
    sheet.sums = 1;
    Ok(sheet)
}

fn sheet(books: &Books, name: &str, heads: &[&str]) -> Sheet {
    let mut notes: Vec<String> = books.marking.sentence().into_iter().collect();
    notes.push(format!("{}, bokfört {}–{}", books.region.name, books.from, books.to));
    let heads = heads.iter().map(|head| (*head).to_owned()).collect();
    Sheet { name: name.to_owned(), notes, heads, ..Sheet::default() }
}

fn label(books: &Books, number: u32) -> &str {
    let account = books.accounts.iter().find(|account| account.number == number);
    account.map_or("", |account| account.label.as_str())
}
