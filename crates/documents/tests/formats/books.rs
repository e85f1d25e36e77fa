//! Journals: what stands in them, what is refused, and that SIE is read back by a reader that others wrote.

use crate::samples::{any_books, books, day};
use calamine::{Data, Reader, Xlsx};
use documents::books::{Books, Posting, Voucher, beancount, excel, hledger, sie};
use documents::refusal::Refusal;
use kernel::money::Money;
use proptest::prelude::*;
use sie_parser::SieDocument;
use std::collections::BTreeMap;

fn read_back(books: &Books) -> SieDocument {
    let text = sie_parser::decode_cp437(&sie::write(books).unwrap());
    let parsed = sie_parser::parse(&text);
    assert!(parsed.diagnostics.is_empty(), "{:?} in {text}", parsed.diagnostics);
    // Its typed form is made for type 4E, which has two records that 4I may leave out.
    let company = if text.contains("#ORGNR") { "" } else { "#ORGNR 000000-0000\r\n" };
    let year = "#RAR 0 20230101 20231231\r\n";
    sie_parser::document::read(&format!("{year}{company}{text}")).unwrap()
}

/// The öre of an amount as the other reader keeps it.
fn ore(amount: impl ToString) -> i64 {
    let text = amount.to_string();
    let (kronor, ore) = text.split_once('.').expect("two decimals");
    assert_eq!(ore.len(), 2, "{text}");
    format!("{kronor}{ore}").parse().unwrap()
}

/// What each voucher posts, in order.
fn postings(books: &Books) -> Vec<Vec<(u32, i64)>> {
    let of = |voucher: &Voucher| {
        voucher.postings.iter().map(|it| (it.account, it.amount.ore())).collect()
    };
    books.vouchers.iter().map(of).collect()
}

fn read_postings(document: &SieDocument) -> Vec<Vec<(u32, i64)>> {
    let vouchers = document.vouchers.iter();
    vouchers
        .map(|voucher| voucher.rows.iter().map(|row| (row.account, ore(row.amount))).collect())
        .collect()
}

#[test]
fn sie_is_read_back_to_the_ore() {
    let document = read_back(&books());
    assert_eq!(read_postings(&document), postings(&books()));
    assert_eq!(document.header.sie_type, 4);
    assert_eq!(document.header.import_flag, 0);
    assert_eq!(document.company.orgnr_raw, "2321000016");
    assert!(document.header.prose.unwrap().starts_with("SYNTETISKA DATA"));
    let names: Vec<&str> =
        document.accounts.values().map(|account| account.name.as_str()).collect();
    assert_eq!(names[0], "Bank, \"checkräkning\" - plusgiro");
    assert_eq!(names[3], "Statsbidrag 2023 | riktåt");
    let unit = &document.objects[&(1, "kk-b".to_owned())];
    assert_eq!(unit.name, "Förlossning Ost - ?2");
    let row = &document.vouchers[0].rows[0];
    assert_eq!(row.objects, [(1, "kk-a".to_owned()), (6, "continuity-add-on".to_owned())]);
    assert!(
        row.text.starts_with("vårdmånad 2023-01, orsak decision, betalare hsn"),
        "{}",
        row.text
    );
    assert_eq!(document.vouchers[1].rows[1].objects, []);
}

/// The specification's order: flag, program, format, day, type, then company, objects, accounts, vouchers.
#[test]
fn sie_records_stand_in_order() {
    let text = sie_parser::decode_cp437(&sie::write(&books()).unwrap());
    let mut labels: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    labels.dedup();
    assert_eq!(
        &labels[..14],
        [
            "#FLAGGA", "#PROGRAM", "#FORMAT", "#GEN", "#SIETYP", "#PROSA", "#ORGNR", "#FNAMN",
            "#DIM", "#OBJEKT", "#KONTO", "#VER", "{", "#TRANS"
        ]
    );
    assert!(text.contains("#TRANS 4412 {1 \"kk-b\" 6 \"delivery\"} -6800.01 \"\""), "{text}");
    assert!(text.contains("#TRANS 2499 {} 6800.01 \"\" \"\""), "{text}");
}

#[test]
fn hledger_has_tags_and_typed_accounts() {
    let text = hledger::write(&books()).unwrap();
    assert!(text.starts_with("; SYNTETISKA DATA"), "{text}");
    assert!(text.contains("account 3951 Statsbidrag 2023 riktåt  ; type:R"), "{text}");
    assert!(text.contains("    4412 Köpt vård Ågårds förlossning  14200.00 SEK  ; unit:kk-a, element:continuity-add-on, care-month:2023-01, cause:decision"), "{text}");
}

#[test]
fn beancount_has_metadata_and_opened_accounts() {
    let text = beancount::write(&books()).unwrap();
    assert!(
        text.contains("2023-01-01 open Expenses:4412-Köpt-vård-Ågårds-förlossning SEK\n"),
        "{text}"
    );
    assert!(
        text.contains(
            "  Expenses:4412-Köpt-vård-Ågårds-förlossning  -6800.01 SEK\n    unit: \"kk-b\"\n"
        ),
        "{text}"
    );
    assert!(text.contains("#syntetiska-data"), "{text}");
}

#[test]
fn books_that_do_not_balance_are_refused_by_every_writer() {
    let refused = |change: &dyn Fn(&mut Books)| {
        let mut wrong = books();
        change(&mut wrong);
        let refusal = wrong.check().unwrap_err();
        assert_eq!(sie::write(&wrong), Err(refusal.clone()));
        assert_eq!(hledger::write(&wrong), Err(refusal.clone()));
        assert_eq!(beancount::write(&wrong), Err(refusal.clone()));
        refusal
    };
    let one = |ore| Posting::new(2441, Money::from_ore(ore));
    let voucher = "A1".to_owned();
    assert_eq!(
        refused(&|books| books.vouchers[0].postings.push(one(1))),
        Refusal::Unbalanced { voucher: voucher.clone(), sum: Money::from_ore(1) }
    );
    assert_eq!(
        refused(&|books| books.vouchers[0].postings.extend([one(i64::MAX), one(i64::MAX)])),
        Refusal::TooLarge
    );
    assert_eq!(
        refused(&|books| books.vouchers[0].postings[0].account = 7),
        Refusal::UnknownAccount { voucher: voucher.clone(), account: 7 }
    );
    assert_eq!(
        refused(&|books| books.vouchers[0].day = day("2023-03-01")),
        Refusal::OutsidePeriod { voucher: voucher.clone(), day: day("2023-03-01") }
    );
    assert_eq!(
        refused(&|books| books.vouchers[1].number = 1),
        Refusal::Repeated { field: "verifikation", value: voucher }
    );
    assert_eq!(
        refused(&|books| books.vouchers[0].series = "A 1".into()),
        Refusal::Value { field: "serie", value: "A 1".into() }
    );
}

/// Sums by account of the lines that end in an amount in SEK.
fn sums_of_lines(text: &str) -> BTreeMap<u32, i64> {
    let mut sums = BTreeMap::new();
    for line in text.lines() {
        let before = line.split("  ; ").next().unwrap_or("");
        let Some((account, amount)) =
            before.trim_start().strip_suffix(" SEK").and_then(|it| it.rsplit_once("  "))
        else {
            continue;
        };
        let number = account.rsplit(':').next().unwrap().split([' ', '-']).next().unwrap();
        *sums.entry(number.parse().unwrap()).or_insert(0) += ore(amount);
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var_os("VARDKEDJA_DEEP").is_some() { 5_000 } else { 200 }))]

    #[test]
    fn any_books_are_written_and_sie_is_read_back(books in any_books()) {
        let document = read_back(&books);
        prop_assert_eq!(read_postings(&document), postings(&books));
        let mut sums = BTreeMap::new();
        for (account, ore) in postings(&books).into_iter().flatten() {
            *sums.entry(account).or_insert(0) += ore;
        }
        prop_assert_eq!(sums_of_lines(&hledger::write(&books).unwrap()), sums.clone());
        prop_assert_eq!(sums_of_lines(&beancount::write(&books).unwrap()), sums);
    }
}

/// Whole öre of a cell in kronor; a blank one is zero.
fn ore_of(cell: &Data) -> i64 {
    match cell {
        Data::Float(kronor) => ore(format!("{kronor:.2}")),
        _ => 0,
    }
}

/// What the workbook says of every account: by its postings, and by the sum that stands beside its formula.
fn read_workbook(books: &Books) -> [BTreeMap<String, i64>; 2] {
    let bytes = excel::write(books).unwrap();
    let mut workbook: Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let mut sums = |sheet: &str, account: usize, amount: &dyn Fn(&[Data]) -> i64| {
        let range = workbook.worksheet_range(sheet).unwrap();
        let rows =
            range.rows().skip_while(|row| row[account] != Data::String("Konto".into())).skip(1);
        let rows: Vec<_> = rows.collect();
        let (last, rows) = rows.split_last().unwrap();
        assert_eq!(last[0], Data::String("Summa".into()));
        let mut sums = BTreeMap::new();
        for row in rows {
            *sums.entry(row[account].to_string()).or_insert(0) += amount(row);
        }
        sums.retain(|_, sum| *sum != 0);
        sums
    };
    let postings = sums("Verifikationer", 3, &|row| ore_of(&row[13]) - ore_of(&row[14]));
    [postings, sums("Konton", 0, &|row| ore_of(&row[4]))]
}

#[test]
fn a_workbook_has_every_posting_and_sums_that_are_those_of_the_books() {
    let books = books();
    let mut wanted = BTreeMap::new();
    for (account, ore) in postings(&books).into_iter().flatten() {
        *wanted.entry(account.to_string()).or_insert(0) += ore;
    }
    wanted.retain(|_, sum| *sum != 0);
    assert_eq!(read_workbook(&books), [wanted.clone(), wanted]);
    assert_eq!(excel::write(&books).unwrap(), excel::write(&books).unwrap());
}

#[test]
fn a_workbook_of_books_that_do_not_balance_is_refused() {
    let mut wrong = books();
    wrong.vouchers[0].postings[0].amount += Money::from_ore(1);
    assert!(matches!(excel::write(&wrong), Err(Refusal::Unbalanced { .. })));
}
