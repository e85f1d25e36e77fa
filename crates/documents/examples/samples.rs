//! Writes every format of made-up values into a folder, with what programs of others must read back from them.
//!
//! Owns: which files there are. Does not own: the values (`tests/formats/samples.rs`) or the reading (`tests/oracles`).
//!
//! `cargo run -p documents --example samples -- FOLDER` writes `books.si`, …, and `expected.tsv`: file, what, key, öre.

#[path = "../tests/formats/samples.rs"]
mod samples;

use documents::books::{Books, beancount, hledger, sie};
use documents::invoice::{self, Issuer};
use documents::payment;
use documents::refusal::Refusal;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// How many books that nobody would keep are written beside the others.
const ODD: usize = 40;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let folder = env::args_os().nth(1).ok_or("usage: samples FOLDER")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let mut expected = Vec::new();
    write_books(folder, "books", &samples::books(), &mut expected)?;
    let mut runner = TestRunner::deterministic();
    for number in 0..ODD {
        let books = any(&samples::any_books(), &mut runner)?;
        write_books(folder, &format!("odd{number}"), &books, &mut expected)?;
        let invoice = any(&samples::any_invoice(), &mut runner)?;
        write_invoice(folder, &format!("-odd{number}"), &invoice, &mut expected)?;
    }
    write_payments(folder, &mut expected)?;
    for issuer in [Issuer::Seller, Issuer::Buyer] {
        for is_credit in [false, true] {
            write_invoice(folder, "", &samples::invoice(issuer, is_credit), &mut expected)?;
        }
    }
    write_statement(folder, &mut expected)?;
    fs::write(folder.join("expected.tsv"), expected.concat())?;
    Ok(())
}

fn any<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> Result<S::Value, String> {
    let tree = strategy.new_tree(runner).map_err(|reason| reason.message().to_owned())?;
    Ok(tree.current())
}

fn refused(refusal: Refusal) -> String {
    refusal.text().en
}

fn write_books(folder: &Path, name: &str, books: &Books, expected: &mut Vec<String>) -> Done {
    fs::write(folder.join(format!("{name}.si")), sie::write(books).map_err(refused)?)?;
    fs::write(folder.join(format!("{name}.journal")), hledger::write(books).map_err(refused)?)?;
    fs::write(folder.join(format!("{name}.beancount")), beancount::write(books).map_err(refused)?)?;
    let mut sums: BTreeMap<(&str, String), i64> = BTreeMap::new();
    let mut add = |what, key: String, ore: i64| *sums.entry((what, key)).or_insert(0) += ore;
    for voucher in &books.vouchers {
        add("voucher", voucher.name(), 0);
        for posting in &voucher.postings {
            add("account", posting.account.to_string(), posting.amount.ore());
            add("debit", voucher.name(), posting.amount.ore().max(0));
            for unit in posting.unit.iter().filter(|_| name == "books") {
                add("unit", unit.clone(), posting.amount.ore());
            }
        }
    }
    expected
        .extend(sums.iter().map(|((what, key), ore)| format!("{name}\t{what}\t{key}\t{ore}\n")));
    Ok(())
}

fn write_payments(folder: &Path, expected: &mut Vec<String>) -> Done {
    let file = samples::payments();
    fs::write(folder.join("payments.xml"), payment::write(&file).map_err(refused)?)?;
    for payment in &file.payments {
        expected.push(format!("payments\tpayment\t{}\t{}\n", payment.id, payment.amount.ore()));
    }
    Ok(())
}

/// The name says which kind of document it must be.
fn write_invoice(
    folder: &Path,
    suffix: &str,
    invoice: &invoice::Invoice,
    expected: &mut Vec<String>,
) -> Done {
    let sum: i64 = invoice.lines.iter().map(|line| line.amount.ore()).sum();
    let code = match (invoice.issuer, sum < 0) {
        (Issuer::Seller, false) => "380",
        (Issuer::Seller, true) => "381",
        (Issuer::Buyer, false) => "389",
        (Issuer::Buyer, true) => "261",
    };
    let name = format!("invoice-{code}{suffix}");
    fs::write(folder.join(format!("{name}.xml")), invoice::write(invoice).map_err(refused)?)?;
    for (number, line) in (1..).zip(&invoice.lines) {
        expected.push(format!("{name}\tline\t{number}\t{}\n", line.amount.ore()));
    }
    Ok(())
}

fn write_statement(folder: &Path, expected: &mut Vec<String>) -> Done {
    let report = documents::pdf::write(&samples::report()).map_err(refused)?;
    fs::write(folder.join("report.pdf"), report)?;
    let doc = samples::statement();
    fs::write(folder.join("statement.pdf"), documents::pdf::write(&doc).map_err(refused)?)?;
    for (number, (.., amount)) in (1..).zip(samples::corrections()) {
        expected.push(format!("statement\tcorrection\t{number}\t{}\n", amount.ore()));
    }
    Ok(())
}
