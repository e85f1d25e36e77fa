//! Amounts in running text: a number with its unit, how exact it is and what it is per.
//!
//! Owns: the grammar of an amount (D1–D4). Does not own: bare numbers in tables (`table`), nor twins that make a figure
//! rounded (`twin`).
//!
//! `om totalt ca 10 miljoner kronor` is an amount of ten million, about; its span is `10 miljoner kronor`.

use super::lexicon::{
    ABOUT, AT_LEAST, CAP, NOT_COUNTED, TOTAL, is_adjective, money_unit, number_word, scale,
    scale_stands_alone,
};
use super::number::{Flaw, Number, is_year, number_at};
use super::token::{Gap, Kind, Span, Token};
use crate::fact::Precision;
use crate::money::Money;

/// An amount of a text.
#[derive(Clone, Debug)]
pub struct Amount {
    /// From its first digit or number word to its last unit word (D1).
    pub span: Span,
    /// Its value.
    pub amount: Money,
    /// One unit of its last printed digit (D5).
    pub last_digit: Money,
    /// How exactly it is stated (D2).
    pub precision: Precision,
    /// The noun that it is per, as printed (D3).
    pub per: Option<String>,
    /// Whether it is a cap: "högst", "upp till" (D2).
    pub is_cap: bool,
    /// What is malformed in it (D4).
    pub flaw: Option<Flaw>,
    /// Whether it is said to be a whole: "totalt", "sammanlagt".
    pub is_total: bool,
    /// Whether each of several gets it: "vardera".
    pub is_each: bool,
    /// Its first and last token.
    pub(crate) tokens: (usize, usize),
}

/// A number and its unit, before their surroundings are looked at.
struct Figure {
    first: usize,
    last: usize,
    ore: i128,
    last_digit: i128,
    flaw: Option<Flaw>,
}

/// The largest amount that is read: differences and sums of some of them always fit.
pub(crate) const MOST_ORE: i128 = 1_000_000_000_000_000_000;

/// A unit of money: öre in one, and its last token.
#[derive(Clone, Copy)]
struct Unit {
    ore: i128,
    last: usize,
}

/// The amounts of running text, in order.
pub(crate) fn amounts(tokens: &[Token]) -> Vec<Amount> {
    let mut found: Vec<Amount> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let figures = figures_at(tokens, at);
        let Some(end) = figures.last().map(|figure| figure.last) else {
            at += 1;
            continue;
        };
        let about =
            figures.first().map_or((Precision::Exact, false), |f| precision(tokens, f.first));
        let (per, is_each) = (per(tokens, at, end), is_each(tokens, end));
        let is_total = is_total(tokens, at, end);
        for figure in figures {
            let own = precision(tokens, figure.first);
            let (kind, is_cap) = if own.0 == Precision::Exact && !own.1 { about } else { own };
            let Some(mut amount) = build(tokens, &figure) else { continue };
            (amount.precision, amount.is_cap, amount.is_total) = (kind, is_cap, is_total);
            (amount.per, amount.is_each) = (per.clone(), is_each);
            found.push(amount);
        }
        at = end + 1;
    }
    share_per(tokens, &mut found);
    found
}

fn build(tokens: &[Token], figure: &Figure) -> Option<Amount> {
    let (first, last) = (tokens.get(figure.first)?, tokens.get(figure.last)?);
    let is_bounded = figure.ore.abs() <= MOST_ORE;
    is_bounded.then_some(())?;
    Some(Amount {
        span: Span { start: first.span.start, end: last.span.end },
        amount: Money::from_ore(i64::try_from(figure.ore).ok()?),
        last_digit: Money::from_ore(i64::try_from(figure.last_digit).ok()?),
        precision: Precision::Exact,
        per: None,
        is_cap: false,
        flaw: figure.flaw,
        is_total: false,
        is_each: false,
        tokens: (figure.first, figure.last),
    })
}

/// The one amount that begins at a token, or the two of a range or a pair that share a unit.
fn figures_at(tokens: &[Token], at: usize) -> Vec<Figure> {
    if let Some(figure) = words_at(tokens, at) {
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
        return vec![figure(at, number, unit, unit.last)];
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
        first,
        last,
        ore: if number.is_negative { -ore } else { ore },
        last_digit: (unit.ore / scale).max(1),
        flaw: number.flaw,
    }
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
    if token.is_mark(':') && token.gap == Gap::None && is_next(at + 1, '-') {
        return Some(Unit { ore: 100, last: at + 1 });
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
    if number_word(&word).is_none() && word != "halv" {
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

/// What the words before a number say of its precision, and whether it is a cap (D2).
fn precision(tokens: &[Token], first: usize) -> (Precision, bool) {
    let back = |steps: usize| first.checked_sub(steps).and_then(|at| tokens.get(at));
    let mut step = 1;
    while back(step)
        .is_some_and(|token| token.is_one_of(&TOTAL) || token.is_mark('.') || token.is_mark('-'))
        && step < 3
    {
        step += 1;
    }
    let Some(word) = back(step) else { return (Precision::Exact, false) };
    let before = back(step + 1);
    let follows = |words: &[&str]| before.is_some_and(|token| token.is_one_of(words));
    let is_c_a = word.is("a") && before.is_some_and(|token| token.is_mark(':'));
    if word.is_one_of(&ABOUT) || is_c_a {
        (Precision::About, false)
    } else if word.is_one_of(&AT_LEAST) || (word.is("än") && follows(&["mer", "högre", "större"]))
    {
        (Precision::AtLeast, false)
    } else {
        let is_cap = word.is_one_of(&CAP)
            || (word.is("till") && follows(&["upp"]))
            || (word.is("än") && follows(&["mindre", "lägre"]));
        (Precision::Exact, is_cap)
    }
}

/// What an amount is per: "per mottagning" after it, or "varje mottagning får" before it (D3).
fn per(tokens: &[Token], first: usize, last: usize) -> Option<String> {
    const BETWEEN: [&str; 8] =
        ["i", "ersättning", "extra", "bidrag", "stöd", "mer", "tillägg", "mera"];
    let near = |at: usize| tokens.get(at).filter(|token| token.gap <= Gap::Line);
    let mut at = last + 1;
    while at < last + 3 && near(at).is_some_and(|token| token.is_one_of(&BETWEEN)) {
        at += 1;
    }
    let word = near(at);
    let is_per =
        word.is_some_and(|token| token.is("per") || (token.is_mark('/') && at == last + 1));
    let for_each = word.is_some_and(|t| t.is("för"))
        && near(at + 1).is_some_and(|t| t.is_one_of(&["varje", "var"]));
    if is_per {
        return noun_at(tokens, at + 1);
    } else if for_each {
        return noun_at(tokens, at + 2);
    } else if word.is_some_and(|token| token.is("årligen")) || year_follows(tokens, at) {
        return Some("år".to_owned());
    }
    each_before(tokens, first)
}

/// "om året", "varje år".
fn year_follows(tokens: &[Token], at: usize) -> bool {
    let pair = |a: &str, b: &str| {
        tokens.get(at).is_some_and(|token| token.is(a))
            && tokens.get(at + 1).is_some_and(|token| token.is(b))
    };
    pair("om", "året") || pair("varje", "år")
}

/// The noun at a token, past an adjective before it.
fn noun_at(tokens: &[Token], at: usize) -> Option<String> {
    let word = |at: usize| {
        tokens.get(at).filter(|token| token.kind == Kind::Word && token.gap <= Gap::Line)
    };
    let first = word(at)?;
    let second = word(at + 1).filter(|next| !next.is_one_of(&NOT_COUNTED) && !next.is_capital);
    let noun = second.filter(|_| is_adjective(&first.text)).unwrap_or(first);
    Some(noun.text.clone())
}

/// The noun of "varje mottagning får" in the sentence before the amount.
fn each_before(tokens: &[Token], first: usize) -> Option<String> {
    const GETS: [&str; 12] = [
        "får",
        "erhåller",
        "tilldelas",
        "beviljas",
        "tillförs",
        "ges",
        "ersätts",
        "ersatt",
        "med",
        "lämnas",
        "utgår",
        "utges",
    ];
    let start = first.saturating_sub(14);
    let before = tokens.get(start..first)?;
    let ends =
        before.iter().rposition(|token| matches!(token.kind, Kind::Mark('.' | ';' | '!' | '?')));
    let from = ends.map_or(start, |at| start + at + 1);
    let varje =
        (from..first).rev().find(|at| tokens.get(*at).is_some_and(|token| token.is("varje")))?;
    let between = tokens.get(varje + 2..first)?;
    // Another amount in between has taken the word already.
    let is_free = !between
        .iter()
        .any(|token| token.kind == Kind::Digits || money_unit(&token.text).is_some());
    (is_free && between.iter().any(|token| token.is_one_of(&GETS)))
        .then(|| noun_at(tokens, varje + 1))?
}

fn is_each(tokens: &[Token], last: usize) -> bool {
    let after = tokens.get(last + 1..last + 4).unwrap_or_default();
    after
        .iter()
        .take_while(|token| token.kind == Kind::Word)
        .any(|token| token.is_one_of(&["vardera", "var"]))
}

/// Whether a word of the clause before or just after the amount says that it is a whole.
fn is_total(tokens: &[Token], first: usize, last: usize) -> bool {
    let before = tokens.get(first.saturating_sub(5)..first).unwrap_or_default();
    let clause = before
        .iter()
        .rev()
        .take_while(|token| !matches!(token.kind, Kind::Mark(',' | '.' | ';') | Kind::Digits));
    let after = tokens
        .get(last + 1)
        .is_some_and(|token| token.gap == Gap::Space && token.is_one_of(&["totalt", "sammanlagt"]));
    clause.into_iter().any(|token| token.is_one_of(&TOTAL)) || after
}

/// "från A till B per X", "A respektive B per X": what the second is per holds for the first too (D1).
fn share_per(tokens: &[Token], amounts: &mut [Amount]) {
    for at in (1..amounts.len()).rev() {
        let Some([first, second]) = amounts.get_mut(at - 1..=at) else { continue };
        let between = tokens.get(first.tokens.1 + 1..second.tokens.0).unwrap_or_default();
        let links = |token: &Token| {
            token.is_one_of(&["till", "och", "respektive", "eller"]) || token.is_mark('-')
        };
        let is_linked = !between.is_empty() && between.len() <= 2 && between.iter().any(links);
        let is_from = first
            .tokens
            .0
            .checked_sub(1)
            .and_then(|at| tokens.get(at))
            .is_some_and(|t| t.is_one_of(&["från", "mellan"]));
        let is_pair = between.iter().any(|t| t.is("respektive") || t.is_mark('-')) || is_from;
        if first.per.is_none() && is_linked && is_pair {
            first.per.clone_from(&second.per);
        }
    }
}
