//! Documents that people file or read on paper: what statements and explanations have in common as PDF.
//!
//! Owns: their language, their band, and that a column without content is left out. Does not own: what stands in them.

use crate::failure::Failure;
use crate::output::Lang;
use documents::pdf::{Block, Document, Head, Language, Table};

/// The bytes of a document.
pub fn bytes(
    lang: Lang,
    is_synthetic: bool,
    title: String,
    blocks: Vec<Block>,
) -> Result<Vec<u8>, Failure> {
    let band = lang.pick(
        "SYNTETISKA DATA: påhittade kontakter, inga verkliga personer",
        "SYNTETISKA DATA (synthetic data): made-up contacts, no real persons",
    );
    let band = is_synthetic.then(|| band.to_owned());
    let language = match lang {
        Lang::Sv => Language::Sv,
        Lang::En => Language::En,
    };
    documents::pdf::write(&Document { title, lang: language, band, blocks }).map_err(|refusal| {
        let text = refusal.text();
        Failure::refused(text.sv, text.en)
    })
}

/// A heading under the title.
pub fn heading(lang: Lang, sv: &'static str, en: &'static str) -> Block {
    Block::Heading(2, lang.pick(sv, en).to_owned())
}

/// Words and what they are; those that are nothing are left out.
pub fn facts(lang: Lang, facts: Vec<(&'static str, &'static str, String)>) -> Block {
    let said = facts.into_iter().filter(|(.., text)| !text.is_empty());
    Block::Facts(said.map(|(sv, en, text)| (lang.pick(sv, en).to_owned(), text)).collect())
}

/// A column: its head in both languages, and whether it has numbers.
pub type Column = (&'static str, &'static str, bool);

/// A table without the columns that no row has anything in.
pub fn table(
    lang: Lang,
    columns: &[Column],
    rows: Vec<Vec<String>>,
    sums: Vec<Vec<String>>,
) -> Block {
    let is_used =
        |at: usize| rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty()));
    let used: Vec<bool> = (0..columns.len()).map(is_used).collect();
    let kept = |row: Vec<String>| {
        row.into_iter().zip(&used).filter(|(_, used)| **used).map(|(cell, _)| cell).collect()
    };
    let heads = columns.iter().zip(&used).filter(|(_, used)| **used);
    let heads = heads
        .map(|((sv, en, numeric), _)| Head { text: lang.pick(sv, en).into(), numeric: *numeric });
    Block::Table(Table {
        caption: String::new(),
        heads: heads.collect(),
        rows: rows.iter().cloned().map(kept).collect(),
        sums: sums.into_iter().map(kept).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_no_row_has_is_left_out_of_the_sums_too() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let columns =
            [("Vad", "What", false), ("Märke", "Mark", false), ("Belopp", "Amount", true)];
        let rows = vec![row(["a", "", "1"]), row(["", "", "2"])];
        let Block::Table(table) = table(Lang::En, &columns, rows, vec![row(["Total", "", "3"])])
        else {
            panic!("a table")
        };
        let heads: Vec<&str> = table.heads.iter().map(|head| head.text.as_str()).collect();
        assert_eq!(heads, ["What", "Amount"]);
        assert_eq!(
            (table.rows[1].clone(), table.sums[0].clone()),
            (vec![String::new(), "2".to_owned()], vec!["Total".to_owned(), "3".to_owned()],)
        );
    }
}
