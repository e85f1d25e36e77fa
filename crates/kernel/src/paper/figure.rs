//! A number with its unit of money, in digits or words.
//!
//! Owns: which tokens are a figure, and what it is worth (D1). Does not own: what is said around it (`amount`).
//!
//! `2,5 miljoner kronor`, `två och en halv miljon kronor` and `SEK 2 500 000` are 2 500 000 kr.

use super::lexicon::{NOT_COUNTED, money_unit, number_word, scale, scale_stands_alone};
use super::number::{Flaw, Number, is_unit, is_year, number_at};
use super::token::{Gap, Kind, Token};

/// A number and its unit, before their surroundings are looked at.
pub(super) struct Figure {
    pub first: usize,
    pub last: usize,
    pub ore: i128,
    pub last_digit: i128,
    pub flaw: Option<Flaw>,
}

/// A unit of money: öre in one, and its last token.
#[derive(Clone, Copy)]
struct Unit {
    ore: i128,
    last: usize,
}

/// The one amount that begins at a token, or the two of a range or a pair that share a unit.
pub(super) fn figures_at(tokens: &[Token], at: usize) -> Vec<Figure> {
    if let Some(figure) = words_at(tokens, at) {
        return vec![figure];
    }
    if let Some(figure) = unit_first(tokens, at) {
        return vec![figure];
    }
    let Some(number) = number_at(tokens, at, false) else { return Vec::new() };
    if let Some(unit) = unit_at(tokens, number.last + 1) {
        // The year that ends the head of one column, and the unit that is the head of the next.
        let is_apart = tokens.get(number.last + 1).is_some_and(|token| token.gap == Gap::Wide);
        let is_year = number.decimals == 0 && (1900..=2100).contains(&number.mantissa);
        if is_apart && is_year && number.last == at {
            return Vec::new();
        }
        let mut kronor = figure(at, number, unit, unit.last);
        if let Some((ore, last)) = ore_after(tokens, unit).filter(|_| number.decimals == 0) {
            (kronor.ore, kronor.last, kronor.last_digit) = (kronor.ore + ore, last, 1);
        }
        return vec![kronor];
    }
    let Some(next) = second_of_pair(tokens, at, number.last + 1) else { return Vec::new() };
    let is_glued = tokens.get(next).is_some_and(|token| token.gap == Gap::None);
    let Some(second) = number_at(tokens, next, is_glued) else { return Vec::new() };
    match unit_at(tokens, second.last + 1) {
        Some(unit) => {
            vec![figure(at, number, unit, number.last), figure(next, second, unit, unit.last)]
        }
        None => Vec::new(),
    }
}

/// "och 50 öre" after kronor: how many öre, and the last token.
fn ore_after(tokens: &[Token], unit: Unit) -> Option<(i128, usize)> {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
    let number = number_at(tokens, unit.last + 2, false)?;
    let fits = unit.ore == 100 && is(unit.last + 1, "och") && is(number.last + 1, "öre");
    (fits && number.decimals == 0 && number.mantissa < 100)
        .then_some((number.mantissa, number.last + 1))
}

/// An amount whose unit stands before its number: `kr 5 000`, `SEK 12 500`.
fn unit_first(tokens: &[Token], at: usize) -> Option<Figure> {
    let unit = tokens.get(at).filter(|token| token.is_one_of(&["kr", "sek", "tkr", "mkr"]))?;
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    let ends_number = before.is_some_and(|token| token.kind == Kind::Digits);
    let first = tokens.get(at + 1).filter(|token| token.gap == Gap::Space && !ends_number)?;
    let number = number_at(tokens, at + 1, false)?;
    let is_year = number.last == at + 1 && is_year(&first.text);
    let goes_on = tokens.get(number.last + 1).is_some_and(|next| match next.kind {
        Kind::Word => is_unit(Some(next)) || is_counted(tokens, number.last + 1),
        Kind::Digits => next.gap < Gap::Line,
        Kind::Mark(mark) => matches!(mark, '%' | '-' | '/' | '|'),
    });
    let unit = Unit { ore: money_unit(&unit.text)?, last: number.last };
    (!is_year && !goes_on).then(|| figure(at, number, unit, number.last))
}

/// The last token of an amount that is too large to be read, if one begins at a token.
pub(super) fn beyond_at(tokens: &[Token], at: usize) -> Option<usize> {
    let is_start = tokens.get(at).is_some_and(|t| t.kind == Kind::Digits && t.gap > Gap::None);
    let is_digits = |at: &usize| {
        tokens.get(*at).is_some_and(|token| token.kind == Kind::Digits && token.gap <= Gap::Space)
    };
    const MOST_TOKENS: usize = 60;
    let rest = (at + 1..at + MOST_TOKENS).take_while(is_digits).count();
    let all = tokens.get(at..=at + rest).filter(|_| is_start)?;
    let digits: usize = all.iter().map(|token| token.text.len()).sum();
    let is_number = all.iter().skip(1).all(|token| token.text.len() == 3);
    let unit = unit_at(tokens, at + rest + 1).filter(|_| digits > 18 && is_number)?;
    Some(unit.last)
}

/// Where the second number of "5–7", "5 till 7", "mellan 5 och 7" or "5 respektive 7" begins.
fn second_of_pair(tokens: &[Token], first: usize, at: usize) -> Option<usize> {
    let link = tokens.get(at)?;
    let is_after = |word: &str| {
        first.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|token| token.is(word))
    };
    let links = link.is_mark('-')
        || link.is("till")
        || link.is("respektive")
        || (link.is("och") && is_after("mellan"))
        || (link.is("à") && !link.is_capital);
    let is_name = tokens.get(first).is_some_and(|token| is_year(&token.text));
    let is_number = tokens.get(at + 1).is_some_and(|token| token.kind == Kind::Digits);
    (links && is_number && !is_name && link.gap <= Gap::Line).then_some(at + 1)
}

fn figure(first: usize, number: Number, unit: Unit, last: usize) -> Figure {
    let scale = 10_i128.pow(number.decimals.min(20));
    let ore = number.mantissa.saturating_mul(unit.ore) / scale;
    Figure {
        // The sign belongs to the amount.
        first: if number.is_negative || number.has_plus { first.saturating_sub(1) } else { first },
        last,
        ore: if number.is_negative { -ore } else { ore },
        last_digit: (unit.ore / scale).max(1),
        flaw: number.flaw,
    }
}

/// A bare number in a unit that stands elsewhere, öre in one.
pub(super) fn in_unit(first: usize, number: Number, ore: i128) -> Figure {
    figure(first, number, Unit { ore, last: number.last }, number.last)
}

/// A word at a token, joined with the rest of it where it is broken over lines: `miljo-` `ner`.
fn word_at(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let token = tokens.get(at).filter(|token| token.kind == Kind::Word)?;
    if let (Some(dash), Some(rest)) = (tokens.get(at + 1), tokens.get(at + 2)) {
        let is_broken =
            dash.is_mark('-') && dash.gap == Gap::None && rest.gap == Gap::Line && !rest.is_capital;
        let joined = format!("{}{}", token.text, rest.text);
        let is_known = money_unit(&joined).is_some()
            || scale(&joined).is_some()
            || number_word(&joined).is_some();
        if is_broken && rest.kind == Kind::Word && is_known {
            return Some((joined, at + 2));
        }
    }
    Some((token.text.clone(), at))
}

/// The unit of money that begins at a token.
fn unit_at(tokens: &[Token], at: usize) -> Option<Unit> {
    let token = tokens.get(at).filter(|token| token.gap <= Gap::Line)?;
    let is_next = |at: usize, mark: char| {
        tokens.get(at).is_some_and(|t| t.is_mark(mark) && t.gap == Gap::None)
    };
    // "450:-" and "450,–", with or without "kr" after it.
    let is_bare = (token.is_mark(':') || token.is_mark(',')) && token.gap == Gap::None;
    if is_bare && is_next(at + 1, '-') {
        let last = money_at(tokens, at + 2).unwrap_or(at + 1);
        return Some(Unit { ore: 100, last });
    }
    let (word, last) = word_at(tokens, at)?;
    if let Some(ore) = money_unit(&word) {
        return Some(Unit { ore, last });
    }
    let kronor = scale(&word)?;
    let after = if is_next(last + 1, '.') && money_at(tokens, last + 2).is_some() {
        last + 2
    } else {
        last + 1
    };
    if let Some(end) = money_at(tokens, after) {
        return Some(Unit { ore: kronor * 100, last: end });
    }
    let stands_alone =
        (scale_stands_alone(&word) || word == "mdr") && !is_counted(tokens, last + 1);
    stands_alone.then_some(Unit { ore: kronor * 100, last })
}

/// The last token of "kronor", "kr" or "svenska kronor" at a token.
fn money_at(tokens: &[Token], at: usize) -> Option<usize> {
    let token = tokens.get(at).filter(|token| token.gap <= Gap::Line)?;
    if token.is("svenska") {
        return money_at(tokens, at + 1);
    }
    let (word, last) = word_at(tokens, at)?;
    (money_unit(&word) == Some(100)).then_some(last)
}

/// Whether the words after "miljoner" are a noun that is counted, so that they are no kronor.
fn is_counted(tokens: &[Token], at: usize) -> bool {
    let Some(next) = tokens.get(at) else { return false };
    let passive = ["as", "des", "ts", "rs", "äs"].iter().any(|end| next.text.ends_with(end));
    next.kind == Kind::Word
        && next.gap <= Gap::Line
        && !next.is_capital
        && !passive
        && !next.is_one_of(&NOT_COUNTED)
}

/// An amount whose number is written in words: "fem miljoner", "två och en halv miljon", "hundratusen kronor".
fn words_at(tokens: &[Token], first: usize) -> Option<Figure> {
    let (word, _) = word_at(tokens, first)?;
    // "flera tusen kronor" is no thousand.
    let before = first.checked_sub(1).and_then(|at| tokens.get(at));
    let is_vague = before.is_some_and(|token| token.is_one_of(&["flera", "några", "många"]));
    if is_vague || (number_word(&word).is_none() && word != "halv") {
        return None;
    }
    if let Some(figure) = with_comma(tokens, first) {
        return Some(figure);
    }
    // Halves are counted as two of a half, so that everything is whole.
    let (mut whole, mut part, mut is_half, mut at) = (0_i128, 0_i128, false, first);
    let (mut last_digit, mut has_scale) = (100_i128, false);
    loop {
        let token = tokens.get(at)?;
        if at > first && token.gap > Gap::Line {
            return None;
        }
        let (word, last) = word_at(tokens, at)?;
        let halves = |from: usize| {
            let is = |at: usize, words: &[&str]| {
                tokens.get(at).is_some_and(|token| token.is_one_of(words))
            };
            is(from, &["en", "ett"]) && is(from + 1, &["halv", "halvt"])
        };
        if word == "och" && halves(at + 1) {
            (is_half, at) = (true, at + 3);
        } else if halves(at) && part == 0 {
            (is_half, at) = (true, at + 2);
        } else if let Some(kronor) = scale(&word).filter(|_| at > first || word == "tusen") {
            let count = if part == 0 && !is_half { 2 } else { part * 2 + i128::from(is_half) };
            whole += count * kronor / 2;
            last_digit = if is_half { kronor * 10 } else { kronor * 100 };
            (part, is_half, has_scale, at) = (0, false, true, last + 1);
            let goes_on = word_at(tokens, at).is_some_and(|(next, _)| number_word(&next).is_some());
            let is_end = !goes_on && money_at(tokens, at).is_none();
            if is_end && scale_stands_alone(&word) && !is_counted(tokens, at) {
                return Some(Figure { first, last, ore: whole * 100, last_digit, flaw: None });
            }
        } else if let Some(value) = number_word(&word) {
            part = match value {
                100 if part > 0 => part * 100,
                value => part + value,
            };
            last_digit = 100;
            at = last + 1;
        } else if let Some(end) = money_at(tokens, at).filter(|_| !is_half) {
            let ore = (whole + part) * 100;
            let last_digit = if part > 0 || !has_scale { 100 } else { last_digit };
            return Some(Figure { first, last: end, ore, last_digit, flaw: None });
        } else if word == "öre" && !is_half && !has_scale && at > first {
            return Some(Figure { first, last, ore: part, last_digit: 1, flaw: None });
        } else {
            return None;
        }
        if at > first + 12 {
            return None;
        }
    }
}

/// "två komma fem miljoner".
fn with_comma(tokens: &[Token], first: usize) -> Option<Figure> {
    let number = |at: usize| tokens.get(at).and_then(|token| number_word(&token.text));
    let says_comma = tokens.get(first + 1).is_some_and(|token| token.is("komma"));
    let (whole, tenths) =
        (number(first).filter(|_| says_comma)?, number(first + 2).filter(|n| *n < 10)?);
    let unit = unit_at(tokens, first + 3)?;
    let last_digit = (unit.ore / 10).max(1);
    Some(Figure {
        first,
        last: unit.last,
        ore: (whole * 10 + tenths) * last_digit,
        last_digit,
        flaw: None,
    })
}
