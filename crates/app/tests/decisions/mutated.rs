//! Decision texts made by lot, one thing changed in each: what the text alone reveals is found, and nothing where nothing was changed.
//!
//! Owns: the texts, whose every figure follows from the others, the changes, and the count of what was found. Does not own: the checks.
//!
//! A text is drawn by seed: its form in turn, its figures by lot. `VARDKEDJA_DEEP` draws 2 000 changed texts.

use kernel::finding::Severity;
use kernel::paper::Paper;
use kernel::scrutiny::{Remark, scrutinise};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::fmt::Write;

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.0.next_u64() % count as u64).unwrap()
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(usize::try_from(high - low + 1).unwrap())).unwrap()
    }

    fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// A piece of a text.
#[derive(Clone)]
enum Piece {
    Text(String),
    /// A figure: kronor in whole, the decimals and unit it is written with.
    Figure {
        kronor: i64,
        unit: Unit,
        is_total: bool,
        can_swap: bool,
    },
    /// A percentage.
    Share(i64),
    /// The first piece of an item that can be left out, and its last.
    Begin,
    End,
}

#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Kronor,
    /// Millions with so many decimals.
    Mkr(u32),
    Tkr,
    /// A bare number of kronor under a heading that names them.
    Bare,
}

#[derive(Default)]
struct Draft(Vec<Piece>);

impl Draft {
    fn say(&mut self, text: &str) -> &mut Self {
        self.0.push(Piece::Text(text.to_owned()));
        self
    }

    fn figure(&mut self, kronor: i64, unit: Unit) -> &mut Self {
        self.0.push(Piece::Figure { kronor, unit, is_total: false, can_swap: false });
        self
    }

    fn total(&mut self, kronor: i64, unit: Unit) -> &mut Self {
        self.0.push(Piece::Figure { kronor, unit, is_total: true, can_swap: false });
        self
    }

    fn keyed(&mut self, kronor: i64) -> &mut Self {
        self.0.push(Piece::Figure { kronor, unit: Unit::Bare, is_total: false, can_swap: true });
        self
    }

    fn share(&mut self, percent: i64) -> &mut Self {
        self.0.push(Piece::Share(percent));
        self
    }

    fn item(&mut self, fill: impl FnOnce(&mut Self)) {
        self.0.push(Piece::Begin);
        fill(self);
        self.0.push(Piece::End);
    }
}

fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap())
        .collect();
    groups.join(" ")
}

fn written(kronor: i64, unit: Unit) -> String {
    match unit {
        Unit::Kronor => format!("{} kronor", grouped(kronor)),
        Unit::Bare => grouped(kronor),
        Unit::Tkr => format!("{} tkr", grouped(kronor / 1_000)),
        Unit::Mkr(decimals) => {
            let scale = 10_i64.pow(decimals);
            let units = kronor / (1_000_000 / scale);
            if decimals == 0 {
                format!("{} miljoner kronor", grouped(units))
            } else {
                format!(
                    "{},{:0width$} miljoner kronor",
                    units / scale,
                    units % scale,
                    width = decimals as usize
                )
            }
        }
    }
}

fn text(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(words) => text.push_str(words),
            Piece::Figure { kronor, unit, .. } => text.push_str(&written(*kronor, *unit)),
            Piece::Share(percent) => write!(text, "{percent}").unwrap(),
            Piece::Begin | Piece::End => {}
        }
    }
    text
}

const NAMES: [&str; 12] = [
    "Kvinnokliniken Norrvik",
    "Lasarettet i Sunde",
    "Mottagningen Ekbacken",
    "Sjukhuset i Tuna",
    "Familjecentralen Ängen",
    "Enheten för e-hälsa",
    "Föreningen Stödlinjen",
    "Barnmorskegruppen Havet",
    "Kliniken i Österby",
    "Centrum för utbildning",
    "Mottagningen Parken",
    "Lasarettet i Forsa",
];

const PURPOSES: [&str; 8] = [
    "för handledning",
    "för fler hembesök",
    "för simulering i team",
    "för språkstöd",
    "för uppföljning",
    "för längre besök",
    "för ny utrustning",
    "för ett nytt arbetssätt",
];

fn names(dice: &mut Dice, count: usize) -> Vec<&'static str> {
    let mut all = NAMES.to_vec();
    (0..count).map(|_| all.remove(dice.below(all.len()))).collect()
}

fn head(dice: &mut Dice) -> String {
    let year = dice.between(2017, 2029);
    let region = dice.one_of(&["Region Sjölanda", "Region Västbygden", "Region Nordmark"]);
    let case = dice.between(100, 9_999);
    format!(
        "{region}\nHälso- och sjukvårdsnämnden\nTjänsteutlåtande {year}-04-1{}\nHSN {year}-{case:04}\n\n",
        dice.below(9)
    )
}

/// A sum of random parts, in hundreds of thousands.
fn parts(dice: &mut Dice, count: usize) -> Vec<i64> {
    (0..count).map(|_| dice.between(11, 189) * 100_000).collect()
}

fn form(dice: &mut Dice, form: usize) -> Draft {
    let mut draft = Draft::default();
    let start = head(dice);
    draft.say(&start);
    match form {
        0 => list(dice, &mut draft),
        1 => table(dice, &mut draft),
        2 => sections(dice, &mut draft),
        3 => keyed(dice, &mut draft),
        4 => years(dice, &mut draft),
        5 => prose(dice, &mut draft),
        6 => shares(dice, &mut draft),
        _ => columns(dice, &mut draft),
    }
    draft.say("\n\nEkonomiska konsekvenser\nFörslaget påverkar inte nämndens resultat.\n");
    draft
}

const FORMS: usize = 8;

fn list(dice: &mut Dice, draft: &mut Draft) {
    let count = dice.between(3, 9) as usize;
    let (amounts, names) = (parts(dice, count), names(dice, count));
    let unit = *dice.one_of(&[Unit::Kronor, Unit::Mkr(1), Unit::Tkr]);
    let verb = *dice.one_of(&["tilldelas", "får", "beviljas"]);
    let mark = *dice.one_of(&["•", "–", "-", "\u{f0b7}"]);
    let gap = *dice.one_of(&["\n", "\n\n"]);
    draft
        .say("Förvaltningen föreslår att ")
        .total(amounts.iter().sum(), unit)
        .say(" fördelas enligt följande:\n\n");
    for (name, amount) in names.iter().zip(&amounts) {
        let purpose = *dice.one_of(&PURPOSES);
        draft.item(|draft| {
            draft
                .say(&format!("{mark} {name} {verb} "))
                .figure(*amount, unit)
                .say(&format!(" {purpose}.{gap}"));
        });
    }
}

fn table(dice: &mut Dice, draft: &mut Draft) {
    let count = dice.between(3, 8) as usize;
    let (amounts, names) = (parts(dice, count), names(dice, count));
    let heading = *dice.one_of(&["Belopp (kr)", "Bidrag, kronor", "Ersättning (kr)"]);
    let gap = *dice.one_of(&["\t", " | ", "      "]);
    draft.say(&format!("Fördelningen framgår av tabellen.\n\nMottagare{gap}{heading}\n"));
    for (name, amount) in names.iter().zip(&amounts) {
        draft.item(|draft| {
            draft.say(&format!("{name}{gap}")).figure(*amount, Unit::Bare).say("\n");
        });
    }
    draft.say(&format!("Summa{gap}")).total(amounts.iter().sum(), Unit::Bare);
}

fn sections(dice: &mut Dice, draft: &mut Draft) {
    let count = dice.between(3, 6) as usize;
    let (amounts, names) = (parts(dice, count), names(dice, count));
    draft
        .say("Region Sjölanda erhåller ett statsbidrag på ")
        .total(amounts.iter().sum(), Unit::Kronor)
        .say(" i år.\n\nFörvaltningen föreslår att medlen fördelas enligt följande:\n\n");
    for (at, (name, amount)) in names.iter().zip(&amounts).enumerate() {
        let (number, purpose) = (at + 1, *dice.one_of(&PURPOSES));
        let unit = *dice.one_of(&[Unit::Kronor, Unit::Mkr(1)]);
        draft.say(&format!("{number}. Insats {purpose}\nInsatsen har pågått sedan 2016 och omfattar 12 besök. {name} tilldelas ")).figure(*amount, unit).say(" under året.\n\n");
    }
}

/// A key, and amounts in proportion to it.
fn keyed(dice: &mut Dice, draft: &mut Draft) {
    let count = dice.between(4, 8) as usize;
    let names = names(dice, count);
    let mut keys: Vec<i64> = (0..count).map(|_| dice.between(8, 72) * 100).collect();
    keys.sort_unstable();
    keys.dedup();
    let each = dice.between(11, 49) * 100;
    draft.say("Bidraget fördelas efter klinikernas planerade förlossningar.\n\nKlinik\tAntal förlossningar\tBidrag (kr)\n");
    for (name, key) in names.iter().zip(&keys) {
        draft.say(&format!("{name}\t{}\t", grouped(*key))).keyed(key * each).say("\n");
    }
    let all: i64 = keys.iter().sum();
    draft.say(&format!("Summa\t{}\t", grouped(all))).total(all * each, Unit::Bare);
}

fn years(dice: &mut Dice, draft: &mut Draft) {
    let (first, amounts) = (dice.between(2018, 2027), parts(dice, 2));
    let whole = amounts[0] + 2 * amounts[1];
    draft
        .say("Fullmäktige har beslutat om utökade anslag om ")
        .total(whole, Unit::Mkr(1))
        .say(&format!(" över tre år. År {first} tillförs "))
        .figure(amounts[0], Unit::Mkr(1));
    draft
        .say(&format!(". År {} och {} tillförs ", first + 1, first + 2))
        .figure(amounts[1], Unit::Mkr(1))
        .say(" per år.");
}

fn prose(dice: &mut Dice, draft: &mut Draft) {
    let (amounts, names) = (parts(dice, 2), names(dice, 2));
    let unit = *dice.one_of(&[Unit::Kronor, Unit::Mkr(1)]);
    let (one, other) = (dice.between(1, 999_999), dice.between(1, 999_999));
    if dice.below(2) == 0 {
        draft
            .say("Regionen tilldelas ")
            .figure(amounts[0] + one, Unit::Kronor)
            .say(" samt ")
            .figure(amounts[1] + other, Unit::Kronor);
        draft
            .say(" till landsbygd. Totalt tilldelas ")
            .total(amounts[0] + amounts[1] + one + other, Unit::Kronor)
            .say(" för året.");
    } else {
        draft
            .say("Nämnden avsätter ")
            .total(amounts.iter().sum(), unit)
            .say(", fördelat på ")
            .figure(amounts[0], unit);
        draft
            .say(&format!(" till {} och ", names[0]))
            .figure(amounts[1], unit)
            .say(&format!(" till {}.", names[1]));
    }
}

fn shares(dice: &mut Dice, draft: &mut Draft) {
    let names = names(dice, 3);
    let (a, b) = (dice.between(2, 8) * 5, dice.between(2, 8) * 5);
    let whole = dice.between(12, 480) * 100_000;
    draft
        .say("Av bidraget fördelas ")
        .total(whole, Unit::Kronor)
        .say(" enligt följande andelar:\n\n");
    for (name, percent) in names.iter().zip([a, b, 100 - a - b]) {
        draft
            .say(&format!("• {name}: "))
            .share(percent)
            .say(" procent, ")
            .figure(whole / 100 * percent, Unit::Kronor)
            .say("\n");
    }
}

/// Two years and their sum.
fn columns(dice: &mut Dice, draft: &mut Draft) {
    let count = dice.between(3, 7) as usize;
    let names = names(dice, count);
    let rows: Vec<(i64, i64)> =
        (0..count).map(|_| (dice.between(101, 989) * 10, dice.between(101, 989) * 10)).collect();
    draft.say("Tabell 1. Anslag per område (tkr)\n\nOmråde\t2024\t2025\tTotalt\n");
    for (name, (a, b)) in names.iter().zip(&rows) {
        draft
            .say(&format!("{name}\t"))
            .figure(*a, Unit::Bare)
            .say("\t")
            .figure(*b, Unit::Bare)
            .say("\t")
            .figure(a + b, Unit::Bare)
            .say("\n");
    }
    let (a, b): (i64, i64) = rows.iter().fold((0, 0), |(x, y), (a, b)| (x + a, y + b));
    draft
        .say("Summa\t")
        .total(a, Unit::Bare)
        .say("\t")
        .total(b, Unit::Bare)
        .say("\t")
        .total(a + b, Unit::Bare);
}

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
