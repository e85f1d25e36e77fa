//! A number of things in the text against the column of a table that counts them.
//!
//! Owns: which sentence before or after a table speaks of its sum. Does not own: the sums of the column itself (`table`).
//!
//! `46 fordringar om sammanlagt 71 385 kronor` over a table of 44 and 71 385 kr is told.

use super::table::{amount_in, count_in};
use super::units::counts_noun;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::layout::BlockKind;
use crate::paper::recipient::key;
use crate::paper::table::ColumnKind;
use crate::paper::{Paper, Table, twin};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let all = paper.tables.iter().enumerate();
    let told = |(at, table): (usize, &Table)| {
        of_table(paper, at, table)
            .or_else(|| number_of_rows(paper, at, table))
            .or_else(|| number_of_all(paper, table))
    };
    all.filter_map(told).collect()
}

fn of_table(paper: &Paper, at: usize, table: &Table) -> Option<Remark> {
    let (counts, amounts) =
        (table.columns_of(ColumnKind::Count), table.columns_of(ColumnKind::Amount));
    let ([count], [amount]) = (counts.as_slice(), amounts.as_slice()) else { return None };
    let (number, money) = (sum_of_counts(table, *count)?, sum_of_money(paper, table, *amount)?);
    let block = paper.layout().block_of_table(at)?;
    let text = |at: Option<usize>| {
        at.and_then(|at| paper.block(at)).filter(|b| !matches!(b.kind, BlockKind::Table(_)))
    };
    let before =
        text(block.checked_sub(1)).map(|block| paper.sentence(block.tokens.end.saturating_sub(1)));
    let after = text(Some(block + 1)).map(|block| paper.sentence(block.tokens.start));
    [before, after]
        .into_iter()
        .flatten()
        .find_map(|sentence| differs(paper, &sentence, number, &money))
}

/// "fördelar medel till tio föreningar enligt nedan" before a table of as many rows under `Förening`.
fn number_of_rows(paper: &Paper, at: usize, table: &Table) -> Option<Remark> {
    const NEAR: usize = 3;
    let label = table.columns.iter().find(|column| column.kind == ColumnKind::Label)?;
    let noun = label.noun.as_deref().filter(|noun| noun.chars().count() > 3)?;
    let rows = table.parts().count();
    let listed = i128::try_from(rows).ok().filter(|listed| *listed > 2)?;
    let block = paper.layout().block_of_table(at)?;
    let before = (block.saturating_sub(NEAR)..block).filter_map(|at| paper.block(at));
    let text: Vec<Range<usize>> = before
        .filter(|block| !matches!(block.kind, BlockKind::Table(_)))
        .map(|block| block.tokens.clone())
        .collect();
    let points = ["nedan", "tabell", "tabellen", "följande", "nedanstående", "bilaga"];
    let fits = |count: &&crate::paper::Count| {
        let sentence = paper.sentence(count.tokens.0);
        let is_out_of = paper.has_word(
            &(count.tokens.0.saturating_sub(1)..count.tokens.0),
            &["av", "minst", "högst", "ca", "cirka", "ytterligare"],
        );
        counts_noun(&count.noun, noun) && paper.has_word(&sentence, &points) && !is_out_of
    };
    let mut counts = text.iter().flat_map(|range| paper.counts_in(range)).filter(fits);
    let (Some(count), None) = (counts.next(), counts.next()) else { return None };
    // What is far from the number of rows counts something else.
    let is_alike = (count.number - listed).abs() * 3 <= listed;
    if count.number == listed || !is_alike {
        return None;
    }
    let said = words(&paper.text(count.noted.span));
    let text = Text::new(
        format!("texten säger `{said}`, men tabellen har {listed} rader"),
        format!("the text says `{said}`, but the table has {listed} rows"),
    );
    Some(Remark::new(Doubt::ListDiffers, Severity::Warning, text, vec![count.noted.span]))
}

/// "Beloppet fördelas mellan länets sju kommuner" anywhere in the text, beside the only table under `Kommun`, which has a sum and one row
/// more or less; a number that the table has is of its rows, and one of those that applied or were refused is not.
fn number_of_all(paper: &Paper, table: &Table) -> Option<Remark> {
    const OTHERS: [&str; 30] = [
        "avslås",
        "avslag",
        "avslagits",
        "ansökt",
        "ansökte",
        "ansöker",
        "sökt",
        "sökte",
        "sökande",
        "inte",
        "yttrande",
        "yttrat",
        "tidigare",
        "förra",
        "nya",
        "ytterligare",
        "övriga",
        "andra",
        "varav",
        "dem",
        "dessa",
        "störst",
        "största",
        "drygt",
        "fler",
        "färre",
        "saknar",
        "svarat",
        "första",
        "varannan",
    ];
    const BOUNDS: [&str; 9] =
        ["av", "minst", "högst", "ca", "cirka", "ytterligare", "omkring", "drygt", "i"];
    let label = table.columns.iter().find(|column| column.kind == ColumnKind::Label)?;
    let noun = label.noun.as_deref().filter(|noun| noun.chars().count() > 4)?;
    let is_alike = |other: &&Table| {
        other
            .columns
            .iter()
            .any(|column| column.noun.as_deref().is_some_and(|own| twin::is_one_word(own, noun)))
    };
    let is_only = paper.tables.iter().filter(is_alike).count() == 1;
    let name = |row: &crate::paper::table::Row| key(&paper.tokens, row.label.clone());
    let names: BTreeSet<String> = table.parts().map(name).collect();
    // Such rows are none of those that are counted.
    const OPEN: [&str; 14] = [
        "övrig",
        "annan",
        "reserv",
        "uppfölj",
        "utvärd",
        "admin",
        "gemensam",
        "ofördel",
        "buffert",
        "samordn",
        "central",
        "nämnd",
        "förfogande",
        "till",
    ];
    let is_open = names.iter().any(|name| OPEN.iter().any(|begin| name.starts_with(begin)));
    let listed = i128::try_from(table.parts().count()).ok().filter(|listed| *listed > 2)?;
    if !is_only || is_open || names.len() != table.parts().count() || table.sum_row().is_none() {
        return None;
    }
    let own = |count: &&crate::paper::Count| {
        paper.table_of(count.tokens.0).is_none()
            && (twin::is_one_word(&count.noun, noun) || counts_noun(&count.noun, noun))
            && count.noun.chars().count() <= noun.chars().count() + 4
    };
    let all: Vec<&crate::paper::Count> = paper.counts.iter().filter(own).collect();
    let is_of_rows = |count: &&&crate::paper::Count| {
        let sentence = paper.sentence(count.tokens.0);
        let before = count.tokens.0.saturating_sub(1)..count.tokens.0;
        // A year is of another time.
        let years = crate::paper::years(paper.tokens_in(&sentence));
        !paper.has_word(&sentence, &OTHERS) && !paper.has_word(&before, &BOUNDS) && years.len() < 2
    };
    let of_rows: Vec<&&crate::paper::Count> = all.iter().filter(is_of_rows).collect();
    let count = of_rows.first()?;
    let is_one = of_rows.iter().all(|other| other.number == count.number);
    let is_known = all.iter().any(|count| count.number == listed);
    if !is_one || is_known || count.number.abs_diff(listed) != 1 {
        return None;
    }
    let said = words(&paper.text(count.noted.span));
    let text = Text::new(
        format!("texten säger `{said}`, men tabellen har {listed} rader"),
        format!("the text says `{said}`, but the table has {listed} rows"),
    );
    let rows = table.parts().last().map(|row| paper.span(&row.label));
    let places = std::iter::once(count.noted.span).chain(rows).collect();
    Some(Remark::new(Doubt::ListDiffers, Severity::Warning, text, places))
}

fn sum_of_counts(table: &Table, column: usize) -> Option<i128> {
    let whole = |row: &crate::paper::table::Row| {
        count_in(table, row, column).filter(|(_, decimals)| *decimals == 0)
    };
    if let Some((number, _)) = table.sum_row().and_then(whole) {
        return Some(number);
    }
    let all: Vec<i128> =
        table.parts().map(|row| whole(row).map(|(number, _)| number)).collect::<Option<_>>()?;
    (all.len() > 1).then(|| all.iter().sum())
}

fn sum_of_money(paper: &Paper, table: &Table, column: usize) -> Option<Value> {
    let value = |row: &crate::paper::table::Row| {
        amount_in(paper, row, column).map(|at| Value::of(paper, at))
    };
    if let Some(total) = table.sum_row() {
        return value(total);
    }
    Value::sum(&table.parts().map(value).collect::<Option<Vec<_>>>()?)
}

/// The only count of a sentence that states the money of the table.
fn differs(paper: &Paper, sentence: &Range<usize>, number: i128, money: &Value) -> Option<Remark> {
    let [count] = paper.counts_in(sentence) else { return None };
    let [whole] = paper.amounts_in(sentence).collect::<Vec<_>>()[..] else { return None };
    let is_whole =
        Value::of(paper, whole).agrees(money) && paper.amounts().get(whole)?.per.is_none();
    // What is far from the sum counts something else.
    let is_alike = (count.number - number).abs() * 3 <= number;
    // "Av 46 sökande får 44 bidrag", but "att skriva av 46 fordringar".
    let is_out_of = count.tokens.0 == sentence.start + 1
        && paper.has_word(&(sentence.start..count.tokens.0), &["av", "på", "inom", "under"]);
    if !is_whole || count.number == number || !is_alike || is_out_of {
        return None;
    }
    let said = words(&paper.text(count.noted.span));
    let text = Text::new(
        format!("texten säger `{said}`, men tabellens antal summerar till {number}"),
        format!("the text says `{said}`, but the counts of the table sum to {number}"),
    );
    Some(Remark::new(Doubt::ListDiffers, Severity::Warning, text, vec![count.noted.span]))
}
