//! Reads a SIE file with a reader that others wrote, and writes what its accounts come to.
//!
//! Owns: nothing; asked by `tests/oracles/demo.py`. Does not own: what is written (`books::sie`).
//!
//! `cargo run -p documents --example read_sie -- FILE` writes `4412 1420000` for each account, in öre, and `vouchers 3`.

use std::collections::BTreeMap;
use std::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("usage: read_sie FILE")?;
    let text = sie_parser::decode_cp437(&fs::read(path)?);
    let parsed = sie_parser::parse(&text);
    if !parsed.diagnostics.is_empty() {
        return Err(format!("{:?}", parsed.diagnostics).into());
    }
    // Its typed form is made for type 4E, which has two records that 4I may leave out.
    let company = if text.contains("#ORGNR") { "" } else { "#ORGNR 000000-0000\r\n" };
    let document =
        sie_parser::document::read(&format!("#RAR 0 20210101 20211231\r\n{company}{text}"))?;
    let mut sums: BTreeMap<u32, i64> = BTreeMap::new();
    for voucher in &document.vouchers {
        let mut left = 0;
        for row in &voucher.rows {
            let ore = ore(&row.amount.to_string())?;
            left += ore;
            *sums.entry(row.account).or_default() += ore;
        }
        if left != 0 {
            return Err(format!("a voucher comes to {left} öre").into());
        }
    }
    for (account, ore) in sums {
        println!("{account} {ore}");
    }
    println!("vouchers {}", document.vouchers.len());
    Ok(())
}

/// Whole öre of an amount with two decimals, as this reader keeps it.
fn ore(text: &str) -> Result<i64, Box<dyn Error>> {
    let (kronor, ore) = text.split_once('.').filter(|(_, ore)| ore.len() == 2).ok_or("no öre")?;
    Ok(format!("{kronor}{ore}").parse()?)
}
