//! Decision texts made by lot, in pieces, so that one of them can be changed.
//!
//! Owns: the forms of the texts; every figure follows from the others. Does not own: the changes (`mutated`).

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::Rng;
use std::fmt::Write;

pub struct Dice(pub Xoshiro256PlusPlus);

impl Dice {
    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.0.next_u64() % count as u64).unwrap()
    }

    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(usize::try_from(high - low + 1).unwrap())).unwrap()
    }

    pub fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// A piece of a text.
#[derive(Clone)]
pub enum Piece {
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
pub enum Unit {
    Kronor,
    /// Millions with so many decimals.
    Mkr(u32),
    Tkr,
    /// A bare number of kronor under a heading that names them.
    Bare,
}

#[derive(Default)]
pub struct Draft(pub Vec<Piece>);

impl Draft {
    pub fn say(&mut self, text: &str) -> &mut Self {
        self.0.push(Piece::Text(text.to_owned()));
        self
    }

    pub fn figure(&mut self, kronor: i64, unit: Unit) -> &mut Self {
        self.0.push(Piece::Figure { kronor, unit, is_total: false, can_swap: false });
        self
    }

    pub fn total(&mut self, kronor: i64, unit: Unit) -> &mut Self {
        self.0.push(Piece::Figure { kronor, unit, is_total: true, can_swap: false });
        self
    }

    pub fn keyed(&mut self, kronor: i64) -> &mut Self {
        self.0.push(Piece::Figure { kronor, unit: Unit::Bare, is_total: false, can_swap: true });
        self
    }

    pub fn share(&mut self, percent: i64) -> &mut Self {
        self.0.push(Piece::Share(percent));
        self
    }

    pub fn item(&mut self, fill: impl FnOnce(&mut Self)) {
        self.0.push(Piece::Begin);
        fill(self);
        self.0.push(Piece::End);
    }
}

pub fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap())
        .collect();
    groups.join(" ")
}

pub fn written(kronor: i64, unit: Unit) -> String {
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

pub fn text(pieces: &[Piece]) -> String {
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

pub const NAMES: [&str; 12] = [
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

pub const PURPOSES: [&str; 8] = [
    "för handledning",
    "för fler hembesök",
    "för simulering i team",
    "för språkstöd",
    "för uppföljning",
    "för längre besök",
    "för ny utrustning",
    "för ett nytt arbetssätt",
];

pub fn names(dice: &mut Dice, count: usize) -> Vec<&'static str> {
    let mut all = NAMES.to_vec();
    (0..count).map(|_| all.remove(dice.below(all.len()))).collect()
}

pub fn head(dice: &mut Dice) -> String {
    let year = dice.between(2017, 2029);
    let region = dice.one_of(&["Region Sjölanda", "Region Västbygden", "Region Nordmark"]);
    let case = dice.between(100, 9_999);
    format!(
        "{region}\nHälso- och sjukvårdsnämnden\nTjänsteutlåtande {year}-04-1{}\nHSN {year}-{case:04}\n\n",
        dice.below(9)
    )
}

/// A sum of random parts, in hundreds of thousands.
pub fn parts(dice: &mut Dice, count: usize) -> Vec<i64> {
    (0..count).map(|_| dice.between(11, 189) * 100_000).collect()
}

pub fn form(dice: &mut Dice, form: usize) -> Draft {
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

pub const FORMS: usize = 8;

pub fn list(dice: &mut Dice, draft: &mut Draft) {
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

pub fn table(dice: &mut Dice, draft: &mut Draft) {
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

pub fn sections(dice: &mut Dice, draft: &mut Draft) {
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
pub fn keyed(dice: &mut Dice, draft: &mut Draft) {
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

pub fn years(dice: &mut Dice, draft: &mut Draft) {
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

pub fn prose(dice: &mut Dice, draft: &mut Draft) {
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

pub fn shares(dice: &mut Dice, draft: &mut Draft) {
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
pub fn columns(dice: &mut Dice, draft: &mut Draft) {
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
