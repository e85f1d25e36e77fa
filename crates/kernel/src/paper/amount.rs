//! Amounts in running text: a number with its unit, how exact it is and what it is per.
//!
//! Owns: the grammar of an amount (D1–D4). Does not own: bare numbers in tables (`table`), nor twins that make a figure
//! rounded (`twin`).
//!
//! `om totalt ca 10 miljoner kronor` is an amount of ten million, about; its span is `10 miljoner kronor`.

use super::figure::{Figure, beyond_at, figures_at, in_unit};
use super::implied::Implied;
use super::lexicon::{ABOUT, AT_LEAST, CAP, NOT_COUNTED, TOTAL, is_adjective, money_unit};
use super::number::Flaw;
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

/// The largest amount that is read: differences and sums of some of them always fit.
pub(crate) const MOST_ORE: i128 = 1_000_000_000_000_000_000;

/// The amounts of running text, in order, and where amounts stand that are too large to be read.
pub(crate) fn amounts(tokens: &[Token], implied: &Implied) -> (Vec<Amount>, Vec<Span>) {
    let (mut found, mut unread): (Vec<Amount>, Vec<Span>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let mut figures = figures_at(tokens, at);
        if figures.is_empty() {
            let bare = implied.number(tokens, at);
            figures.extend(bare.map(|(number, unit)| in_unit(at, number, unit)));
        }
        let Some(end) = figures.last().map(|figure| figure.last) else {
            let beyond = beyond_at(tokens, at);
            unread.extend(beyond.and_then(|last| place(tokens, at, last)));
            at = beyond.unwrap_or(at) + 1;
            continue;
        };
        let about =
            figures.first().map_or((Precision::Exact, false), |f| precision(tokens, f.first));
        let (per, is_each) = (per(tokens, at, end), is_each(tokens, at, end));
        let is_total = is_total(tokens, at, end);
        for figure in figures {
            let own = precision(tokens, figure.first);
            let (kind, is_cap) = if own.0 == Precision::Exact && !own.1 { about } else { own };
            let Some(mut amount) = build(tokens, &figure) else {
                unread.extend(place(tokens, figure.first, figure.last));
                continue;
            };
            (amount.precision, amount.is_cap, amount.is_total) = (kind, is_cap, is_total);
            (amount.per, amount.is_each) = (per.clone(), is_each);
            found.push(amount);
        }
        at = end + 1;
    }
    share_per(tokens, &mut found);
    (found, unread)
}

fn place(tokens: &[Token], first: usize, last: usize) -> Option<Span> {
    Some(Span { start: tokens.get(first)?.span.start, end: tokens.get(last)?.span.end })
}

fn build(tokens: &[Token], figure: &Figure) -> Option<Amount> {
    let is_bounded = figure.ore.abs() <= MOST_ORE;
    is_bounded.then_some(())?;
    Some(Amount {
        span: place(tokens, figure.first, figure.last)?,
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
    let is_c = back(step + 2).is_some_and(|token| token.is("c"));
    let is_c_a = word.is("a") && before.is_some_and(|token| token.is_mark(':')) && is_c;
    let is_round = word.is("tal") && follows(&["runda"]);
    if word.is_one_of(&ABOUT) || is_c_a || is_round {
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
    each_before(tokens, first).or_else(|| per_before(tokens, first))
}

/// The noun of "priset per uppdrag är 345 kr", "taxa per timme: 940 kr".
fn per_before(tokens: &[Token], first: usize) -> Option<String> {
    const PRICES: [&str; 12] = [
        "pris",
        "priset",
        "taxa",
        "taxan",
        "timpris",
        "schablon",
        "schablonen",
        "grundbelopp",
        "grundbeloppet",
        "peng",
        "styckpris",
        "påslag",
    ];
    const IS: [&str; 19] = [
        "är",
        "var",
        "blir",
        "blev",
        "utgör",
        "uppgår",
        "uppgick",
        "fastställs",
        "sätts",
        "beräknas",
        "bestäms",
        "höjs",
        "sänks",
        "räknas",
        "ökar",
        "minskar",
        "föreslås",
        "kostar",
        "bli",
    ];
    const MOST: usize = 9;
    let near = tokens.get(first.saturating_sub(MOST)..first)?;
    let stops = |token: &Token| {
        matches!(token.kind, Kind::Mark(',' | '.' | ';') | Kind::Digits) || token.gap >= Gap::Blank
    };
    let start = near.iter().rposition(stops).map_or(0, |at| at + 1);
    let clause = near.get(start..)?;
    let at = clause.iter().rposition(|token| token.is("per"))?;
    let noun = noun_at(clause, at + 1)?;
    let rest = clause.get(at + 2..)?;
    let speaks = |token: &Token| {
        token.is_one_of(&PRICES)
            || ["kostnad", "ersättning", "avgift", "bidrag", "pris", "belopp", "hyra", "peng"]
                .iter()
                .any(|part| token.text.contains(part))
    };
    let is_price = clause.get(..at)?.iter().any(speaks);
    let links =
        rest.is_empty() || rest.iter().any(|token| token.is_one_of(&IS) || token.is_mark(':'));
    (is_price && links).then_some(noun)
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
pub(crate) fn each_before(tokens: &[Token], first: usize) -> Option<String> {
    const GETS: [&str; 13] = [
        "får",
        "erhåller",
        "tilldelas",
        "beviljas",
        "tillförs",
        "ges",
        "ger",
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

/// "50 000 kronor vardera", "vardera 50 000 kronor".
fn is_each(tokens: &[Token], first: usize, last: usize) -> bool {
    let before = first.checked_sub(1).and_then(|at| tokens.get(at));
    let after = tokens.get(last + 1..).unwrap_or_default();
    before.is_some_and(|token| token.is("vardera"))
        || after
            .iter()
            .take(3)
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
    let clause: Vec<&Token> = clause.collect();
    // "Tillsammans med statsbidrag på 44 mkr" adds; nearest first, so that "med" stands before.
    let adds = |at: usize| {
        let with = at.checked_sub(1).and_then(|at| clause.get(at));
        with.is_some_and(|token| token.is("med"))
    };
    let is_whole = |(at, token): (usize, &&Token)| {
        token.is_one_of(&TOTAL) && !(token.is("tillsammans") && adds(at))
    };
    clause.iter().enumerate().any(is_whole) || after
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
        // "ersättningen per besök höjs från A till B"
        if second.per.is_none() && is_linked && is_from {
            second.per.clone_from(&first.per);
        }
    }
}
