//! Decision texts made by lot, one thing changed in each: what the text alone reveals is found, and nothing where nothing was changed.
//!
//! Owns: the texts, whose every figure follows from the others, the changes, and the count of what was found. Does not own: the checks.
//!
//! A text is drawn by seed: its form in turn, its figures by lot. `VARDKEDJA_DEEP` draws 2 000 changed texts.

use super::drafts::{Dice, Draft, FORMS, Piece, Unit, form, text, written};
use kernel::finding::Severity;
use kernel::paper::Paper;
use kernel::scrutiny::{Remark, scrutinise};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Digit,
    Separator,
    Removed,
    Swapped,
    Total,
    Unit,
    Share,
}

const CHANGES: [Change; 7] = [
    Change::Digit,
    Change::Separator,
    Change::Removed,
    Change::Swapped,
    Change::Total,
    Change::Unit,
    Change::Share,
];

/// The text with one thing changed, where it has such a thing.
fn changed(dice: &mut Dice, draft: &Draft, change: Change) -> Option<String> {
    let mut pieces = draft.0.clone();
    let figures = |wanted: &dyn Fn(&Piece) -> bool| -> Vec<usize> {
        (0..draft.0.len()).filter(|at| wanted(&draft.0[*at])).collect()
    };
    let pick =
        |dice: &mut Dice, all: Vec<usize>| (!all.is_empty()).then(|| all[dice.below(all.len())]);
    match change {
        Change::Digit => {
            let at = pick(dice, figures(&|piece| matches!(piece, Piece::Figure { .. })))?;
            let Piece::Figure { kronor, unit, .. } = &draft.0[at] else { return None };
            let shown = written(*kronor, *unit);
            let digits: Vec<usize> =
                (0..shown.len()).filter(|at| shown.as_bytes()[*at].is_ascii_digit()).collect();
            let place = digits[dice.below(digits.len())];
            let old = shown.as_bytes()[place];
            let new = loop {
                let new = b'1' + u8::try_from(dice.below(9)).unwrap();
                if new != old {
                    break new;
                }
            };
            let mut bytes = shown.into_bytes();
            bytes[place] = new;
            pieces[at] = Piece::Text(String::from_utf8(bytes).unwrap());
        }
        Change::Separator => {
            let has_space = |piece: &Piece| matches!(piece, Piece::Figure { kronor, unit: Unit::Kronor, .. } if *kronor >= 1_000_000);
            let at = pick(dice, figures(&has_space))?;
            let Piece::Figure { kronor, unit, .. } = &draft.0[at] else { return None };
            let shown = written(*kronor, *unit);
            let spaces: Vec<usize> = shown.match_indices(' ').map(|(at, _)| at).collect();
            // The last space stands before the unit.
            let space = spaces[dice.below(spaces.len() - 1)];
            pieces[at] = Piece::Text(format!("{}{}", &shown[..space], &shown[space + 1..]));
        }
        Change::Removed => {
            let at = pick(dice, figures(&|piece| matches!(piece, Piece::Begin)))?;
            let end = (at..pieces.len()).find(|at| matches!(pieces[*at], Piece::End))?;
            pieces.drain(at..=end);
        }
        Change::Swapped => {
            let all = figures(&|piece| matches!(piece, Piece::Figure { can_swap: true, .. }));
            let at = dice.below(all.len().checked_sub(1).filter(|count| *count > 2)?);
            pieces.swap(all[at], all[at + 1]);
        }
        Change::Total => {
            let at = pick(
                dice,
                figures(&|piece| matches!(piece, Piece::Figure { is_total: true, .. })),
            )?;
            let off = dice.between(1, 99) * 100_000;
            let Piece::Figure { kronor, unit, .. } = &mut pieces[at] else { return None };
            *kronor += if *unit == Unit::Bare && *kronor < 1_000_000 { off / 10_000 } else { off };
        }
        Change::Unit => {
            let at = pick(
                dice,
                figures(&|piece| {
                    matches!(
                        piece,
                        Piece::Figure { unit: Unit::Kronor | Unit::Mkr(_) | Unit::Tkr, .. }
                    )
                }),
            )?;
            let Piece::Figure { kronor, unit, .. } = &draft.0[at] else { return None };
            let shown = written(*kronor, *unit);
            let wrong = match unit {
                Unit::Kronor => shown.replace("kronor", "tkr"),
                Unit::Tkr => shown.replace("tkr", "kronor"),
                _ => shown.replace("miljoner kronor", "tkr"),
            };
            pieces[at] = Piece::Text(wrong);
        }
        Change::Share => {
            let at = pick(dice, figures(&|piece| matches!(piece, Piece::Share(_))))?;
            let Piece::Share(percent) = &mut pieces[at] else { return None };
            *percent += dice.between(1, 9);
        }
    }
    Some(text(&pieces))
}

/// The same text as other systems would store it.
fn cosmetic(dice: &mut Dice, text: &str) -> String {
    match dice.below(5) {
        0 => text.replace('\n', "\r\n"),
        1 => text.replace('å', "a\u{30a}").replace('ä', "a\u{308}").replace('ö', "o\u{308}"),
        2 => text.replace(" kronor", "\u{a0}kronor").replace(" miljoner", "\u{202f}miljoner"),
        3 => text.replace("• ", "\u{f0b7} ").replace("– ", "— "),
        _ => text.replace(" kronor", " kr"),
    }
}

fn grave(text: &str) -> Vec<Remark> {
    scrutinise(&Paper::read(text))
        .into_iter()
        .filter(|remark| remark.severity != Severity::Note)
        .collect()
}

#[test]
fn changed_texts_are_found_and_unchanged_ones_are_silent() {
    let is_deep = std::env::var_os("VARDKEDJA_DEEP").is_some();
    let count = if is_deep { 2_000 } else { 210 };
    let (mut found, mut drawn): (BTreeMap<Change, usize>, BTreeMap<Change, usize>) =
        Default::default();
    let (mut missed, mut false_alarms, mut controls) = (Vec::new(), Vec::new(), 0);
    let mut seed = 0;
    while drawn.values().sum::<usize>() < count {
        seed += 1;
        let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(seed));
        let draft = form(&mut dice, usize::try_from(seed).unwrap() % FORMS);
        let plain = text(&draft.0);
        for control in [plain.clone(), cosmetic(&mut dice, &plain)] {
            controls += 1;
            let told = grave(&control);
            if let Some(remark) = told.first() {
                false_alarms.push(format!(
                    "seed {seed}: {} {}\n{control}",
                    remark.doubt, remark.message.sv
                ));
            }
        }
        for change in CHANGES {
            let Some(text) = changed(&mut dice, &draft, change).filter(|text| *text != plain)
            else {
                continue;
            };
            *drawn.entry(change).or_default() += 1;
            if grave(&text).is_empty() {
                missed.push(format!("seed {seed}: {change:?}\n{text}"));
            } else {
                *found.entry(change).or_default() += 1;
            }
        }
    }
    for (change, drawn) in &drawn {
        println!("{change:?}: {} of {drawn}", found.get(change).copied().unwrap_or(0));
    }
    println!("{controls} controls, {} false alarms", false_alarms.len());
    let shown = |all: &[String]| all.iter().take(4).cloned().collect::<Vec<_>>().join("\n----\n");
    assert!(
        false_alarms.is_empty(),
        "false alarms {}: {}",
        false_alarms.len(),
        shown(&false_alarms)
    );
    assert!(missed.is_empty(), "missed {}: {}", missed.len(), shown(&missed));
}
