//! Numbers in digits: groups, decimals, and what is malformed in them.
//!
//! Owns: where a number begins and ends, its value, and its flaw (D4). Does not own: whether it is money.
//!
//! `326 896 457` is one number; `1, 5` before a unit is 1,5 with a space at the comma; `326 896457` is 326 896 457 with
//! groups that are not of three.

use super::lexicon::{ABOUT, AT_LEAST, NAMES_ONE, NOT_COUNTED, TOTAL, money_unit, scale};
use super::token::{Gap, Kind, Token};

/// What is malformed in a number whose value is evident (D4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Groups that are not of three.
    Groups,
    /// A space at the decimal comma.
    SpaceAtComma,
}

/// A number in digits: `mantissa` is its digits without the comma.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    pub last: usize,
    pub mantissa: i128,
    pub decimals: u32,
    pub flaw: Option<Flaw>,
    pub is_negative: bool,
    /// Whether a plus stands at it.
    pub has_plus: bool,
}

impl Number {
    /// The value with as few decimals as it was written, with a point.
    pub fn plain(self) -> String {
        let scale = 10_i128.pow(self.decimals);
        let sign = if self.is_negative { "-" } else { "" };
        let (whole, part) = (self.mantissa / scale, self.mantissa % scale);
        match self.decimals {
            0 => format!("{sign}{whole}"),
            width => format!("{sign}{whole}.{part:0width$}", width = width as usize),
        }
    }
}

pub(crate) fn is_year(digits: &str) -> bool {
    digits.len() == 4
        && (digits.starts_with("19") || digits.starts_with("20") || digits.starts_with("21"))
}

/// A word that is a unit of money or a scale.
pub(crate) fn is_unit(token: Option<&Token>) -> bool {
    let unit = |token: &Token| money_unit(&token.text).is_some() || scale(&token.text).is_some();
    token.is_some_and(|token| token.kind == Kind::Word && token.gap <= Gap::Line && unit(token))
}

/// The number that begins at the token, if one does.
pub(crate) fn number_at(tokens: &[Token], at: usize, is_after_dash: bool) -> Option<Number> {
    let first = tokens.get(at).filter(|token| token.kind == Kind::Digits)?;
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    if first.gap == Gap::None && !is_after_dash && !may_touch(tokens, at) {
        return None;
    }
    // "5  000 kr": three noughts after a number are its last group, and no amount of their own.
    let is_nought = first.text.len() == 3 && first.text.starts_with('0');
    if is_nought && first.gap < Gap::Blank && before.is_some_and(|t| t.kind == Kind::Digits) {
        return None;
    }
    let is_negative = !is_after_dash && is_minus(tokens, at);
    let (mut digits, mut last, mut flaw) = groups(tokens, at, before);
    if digits.len() > 18 {
        return None;
    }
    let mut decimals = 0;
    if let Some((part, end, space)) = decimals_after(tokens, at, last) {
        digits.push_str(&part);
        decimals = u32::try_from(part.len()).ok()?;
        last = end;
        flaw = flaw.or(space.then_some(Flaw::SpaceAtComma));
    }
    let mantissa = digits.parse().ok().filter(|_| digits.len() <= 26)?;
    let has_plus = first.gap == Gap::None && before.is_some_and(|mark| mark.is_mark('+'));
    Some(Number { last, mantissa, decimals, flaw, is_negative, has_plus })
}

/// Whether a number may begin at a token that touches the one before it: after a bracket, never inside `BP26`,
/// `2024-1051` or `08-123`.
fn may_touch(tokens: &[Token], at: usize) -> bool {
    let before = |steps: usize| at.checked_sub(steps).and_then(|at| tokens.get(at));
    let touched = before(1).map(|token| token.kind);
    let opens = |mark| {
        matches!(
            mark,
            '(' | '['
                | '"'
                | '”'
                | '“'
                | '\''
                | '’'
                | '|'
                | '='
                | '+'
                | '~'
                | '>'
                | '<'
                | '±'
                | '≈'
        )
    };
    match touched {
        Some(Kind::Mark('\'' | '’')) => before(2).is_none_or(|token| token.kind != Kind::Digits),
        Some(Kind::Mark('-')) => {
            is_minus(tokens, at) || before(1).is_some_and(|dash| dash.gap >= Gap::Line)
        }
        Some(Kind::Mark(':' | ';')) => before(2).is_none_or(|token| token.kind != Kind::Digits),
        Some(Kind::Mark(mark)) => opens(mark) || super::token::is_bullet(mark),
        Some(_) => false,
        None => true,
    }
}

/// Whether a minus stands at the number: touching it, with space before, and not first on its line as a bullet would.
fn is_minus(tokens: &[Token], at: usize) -> bool {
    let dash = at.checked_sub(1).and_then(|at| tokens.get(at));
    let touches = tokens.get(at).is_some_and(|token| token.gap == Gap::None);
    let stands = |dash: &Token| match dash.gap {
        Gap::Space | Gap::Wide => true,
        Gap::None => at
            .checked_sub(2)
            .and_then(|at| tokens.get(at))
            .is_some_and(|t| t.is_mark('(') || t.is_mark('|')),
        Gap::Line | Gap::Blank => false,
    };
    touches && dash.is_some_and(|dash| dash.is_mark('-') && stands(dash))
}

/// No number is written in so many groups; it keeps the reading of long rows of numbers fast.
const MOST_GROUPS: usize = 12;

/// Digits of the groups joined, the last token of them, and whether they are malformed.
fn groups(tokens: &[Token], at: usize, before: Option<&Token>) -> (String, usize, Option<Flaw>) {
    let Some(first) = tokens.get(at) else { return (String::new(), at, None) };
    if let Some((digits, last)) = dotted(tokens, at) {
        // "1,250,00": by its decimals the first comma divides groups.
        let is_comma = tokens.get(at + 1).is_some_and(|mark| mark.is_mark(','));
        return (digits, last, (is_comma && last == at + 2).then_some(Flaw::Groups));
    }
    let mut chain: Vec<&str> = vec![&first.text];
    while let Some(next) = tokens.get(at + chain.len()).filter(|_| chain.len() < MOST_GROUPS) {
        let so_far = well_formed(&chain);
        let joins = match next.gap {
            Gap::Space => true,
            // Two spaces for one.
            Gap::Wide => {
                so_far
                    && first.text.len() <= 3
                    && next.text.len() == 3
                    && is_narrow(tokens, at + chain.len())
                    && (chain.len() > 1 || is_after_word(before))
                    && wide_groups_reach_unit(tokens, at + chain.len())
            }
            // A number may be broken over lines where groups of three go on to a unit.
            Gap::Line => {
                so_far
                    && first.text.len() <= 3
                    && next.text.len() == 3
                    && first.gap < Gap::Line
                    && (chain.len() > 1 || is_after_word(before))
                    && groups_reach_unit(tokens, at + chain.len())
            }
            _ => false,
        };
        if next.kind != Kind::Digits || !joins {
            break;
        }
        chain.push(&next.text);
    }
    let whole = |count: usize, flaw| {
        (chain.iter().take(count).copied().collect::<String>(), at + count - 1, flaw)
    };
    if well_formed(&chain) {
        return whole(chain.len(), None);
    }
    let rest = chain.get(1..).unwrap_or_default();
    let names_one = before.is_some_and(|token| token.is_one_of(&NAMES_ONE));
    let stands_alone = is_year(&first.text) || names_one;
    if stands_alone
        && well_formed(rest)
        && !rest.first().is_some_and(|group| group.starts_with('0'))
    {
        return whole(1, None);
    }
    let is_money = is_unit(tokens.get(at + chain.len()));
    let has_short = rest.iter().any(|group| group.len() < 3);
    if is_money && (!has_short || is_after_prose(before)) {
        return whole(chain.len(), Some(Flaw::Groups));
    }
    // Numbers side by side: the first takes what groups of three it can.
    let groups_of_three = rest.iter().take_while(|group| group.len() == 3).count();
    whole(1 + if first.text.len() <= 3 { groups_of_three } else { 0 }, None)
}

/// Whether two spaces stand before a token, and none so wide elsewhere on its line up to the next word.
fn is_narrow(tokens: &[Token], at: usize) -> bool {
    let end = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| token.span.end);
    let start = tokens.get(at).map(|token| token.span.start);
    start.zip(end).is_some_and(|(start, end)| start == end + 2)
}

/// Whether groups of three, one or two spaces apart, end in a unit of money.
fn wide_groups_reach_unit(tokens: &[Token], mut at: usize) -> bool {
    let end = at + MOST_GROUPS;
    let is_group = |at: usize| {
        tokens.get(at).is_some_and(|token| {
            let is_near =
                token.gap == Gap::Space || (token.gap == Gap::Wide && is_narrow(tokens, at));
            token.kind == Kind::Digits && token.text.len() == 3 && is_near
        })
    };
    while at < end && is_group(at) {
        at += 1;
    }
    is_unit(tokens.get(at)) && tokens.get(at).is_some_and(|unit| unit.gap == Gap::Space)
}

/// Whether groups of three from a token on end in a unit of money.
fn groups_reach_unit(tokens: &[Token], mut at: usize) -> bool {
    let is_group = |token: &Token| {
        token.kind == Kind::Digits && token.text.len() == 3 && token.gap <= Gap::Line
    };
    let end = at + MOST_GROUPS;
    while at < end && tokens.get(at).is_some_and(is_group) {
        at += 1;
    }
    is_unit(tokens.get(at))
}

/// Whether a word in running text stands before: none that a number only names, as "vecka 12" or "den 12".
fn is_after_word(before: Option<&Token>) -> bool {
    before.is_some_and(|token| {
        let is_word = token.kind == Kind::Word && !token.is_capital;
        is_word && !token.is_one_of(&NAMES_ONE) && !token.is_one_of(&["den", "kl", "§"])
    })
}

fn is_after_prose(before: Option<&Token>) -> bool {
    before.is_some_and(|token| {
        let is_known = [&NOT_COUNTED[..], &ABOUT, &AT_LEAST, &TOTAL]
            .iter()
            .any(|words| token.is_one_of(words));
        is_known
            || (token.kind == Kind::Word
                && !token.is_capital
                && (token.text.ends_with('s') || token.text == "à" || is_sum_of_money(&token.text)))
    })
}

/// Whether a word is the sum of money itself: "är vitet 1 25 000 kronor", "beloppet", "avgiften".
fn is_sum_of_money(word: &str) -> bool {
    let ends = [
        "vitet",
        "beloppet",
        "bidraget",
        "avgiften",
        "kostnaden",
        "ersättningen",
        "priset",
        "summan",
    ];
    ends.iter().any(|end| word.ends_with(end))
}

fn well_formed(groups: &[&str]) -> bool {
    match groups {
        [] | [_] => true,
        [first, rest @ ..] => {
            first.len() <= 3 && *first != "0" && rest.iter().all(|group| group.len() == 3)
        }
    }
}

fn is_apostrophe(token: &Token) -> bool {
    token.is_mark('\'') || token.is_mark('’')
}

/// Groups divided by points, apostrophes or, two or more, by commas: `1.500.000`, `1'500`, `1,500,000`, or `1.500` before a unit
/// of kronor or thousands.
fn dotted(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let mut digits = tokens.get(at).filter(|token| token.text.len() <= 3)?.text.clone();
    let mut last = at;
    while let (Some(point), Some(group)) = (tokens.get(last + 1), tokens.get(last + 2)) {
        if last >= at + 2 * MOST_GROUPS {
            break;
        }
        let touches = point.gap == Gap::None && group.gap == Gap::None;
        // "5,000,000" is written as in English; "5,000" has decimals.
        let divides = point.is_mark('.') || point.is_mark(',') || is_apostrophe(point);
        let divides = divides && tokens.get(at + 1).is_some_and(|first| first.kind == point.kind);
        if !(divides && touches && group.kind == Kind::Digits && group.text.len() == 3) {
            break;
        }
        digits.push_str(&group.text);
        last += 2;
    }
    let has_decimals = tokens.get(last + 1).is_some_and(|comma| comma.is_mark(','))
        && tokens
            .get(last + 2)
            .is_some_and(|part| part.kind == Kind::Digits && part.gap == Gap::None);
    let ends = tokens.get(last + if has_decimals { 3 } else { 1 });
    let is_plain_unit = ends.is_some_and(|token| {
        let unit = || money_unit(&token.text);
        token.kind == Kind::Word
            && token.gap <= Gap::Line
            && unit().is_some_and(|ore| ore <= 100_000)
    });
    // "1.200:-"
    let touches = |at: usize, marks: &[char]| {
        tokens.get(at).is_some_and(|token| {
            token.gap == Gap::None && marks.iter().any(|mark| token.is_mark(*mark))
        })
    };
    let is_bare = touches(last + 1, &[':', ',']) && touches(last + 2, &['-']);
    let is_evident = is_plain_unit || is_bare || tokens.get(at + 1).is_some_and(is_apostrophe);
    let is_comma = tokens.get(at + 1).is_some_and(|mark| mark.is_mark(','));
    let is_one = last == at + 2
        && if is_comma { has_decimals } else { is_evident || is_cell(tokens, at, last) };
    (last > at + 2 || is_one).then_some((digits, last))
}

/// Whether a number fills a cell of a table: then a point in it divides groups, as decimals stand after a comma.
fn is_cell(tokens: &[Token], first: usize, last: usize) -> bool {
    let begins = |token: &Token| token.is_mark('|');
    let opens = tokens.get(first).is_some_and(|token| token.gap == Gap::Wide)
        || first.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(begins);
    let ends = |token: &Token| token.gap >= Gap::Wide || token.is_mark('|');
    opens && tokens.get(last + 1).is_none_or(ends)
}

/// Decimals after the token `last`, the token they end at, and whether a space stands at the comma.
fn decimals_after(tokens: &[Token], first: usize, last: usize) -> Option<(String, usize, bool)> {
    let (comma, part) = (tokens.get(last + 1)?, tokens.get(last + 2)?);
    if part.kind != Kind::Digits {
        return None;
    }
    let touches = comma.gap == Gap::None && part.gap == Gap::None;
    let after = tokens.get(last + 3);
    if comma.is_mark(',') && touches {
        return Some((part.text.clone(), last + 2, false));
    }
    let goes_on = after.is_some_and(|token| token.is_mark('.') && token.gap == Gap::None);
    // "350:50 kr"
    let is_in_kronor = after.is_some_and(|unit| money_unit(&unit.text) == Some(100));
    if comma.is_mark(':') && touches && part.text.len() == 2 && is_in_kronor {
        return Some((part.text.clone(), last + 2, false));
    }
    if comma.is_mark('.') && touches && is_unit(after) && !goes_on {
        return Some((part.text.clone(), last + 2, false));
    }
    let is_close = |token: &Token| matches!(token.gap, Gap::None | Gap::Space | Gap::Line);
    let before = first.checked_sub(1).and_then(|at| tokens.get(at));
    let names_one = before.is_some_and(|token| token.is_one_of(&NAMES_ONE));
    let is_alone = tokens.get(first).is_some_and(|token| is_year(&token.text));
    let evident = comma.is_mark(',')
        && is_close(comma)
        && is_close(part)
        && part.text.len() <= 2
        && is_unit(after);
    (evident && !names_one && !is_alone).then(|| (part.text.clone(), last + 2, true))
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn read(text: &str) -> Option<(String, Option<Flaw>)> {
        let chars: Vec<char> = text.chars().collect();
        let tokens = tokens(&chars);
        let at = tokens.iter().position(|token| token.kind == Kind::Digits)?;
        number_at(&tokens, at, false).map(|number| (number.plain(), number.flaw))
    }

    #[test]
    fn groups_decimals_and_flaws() {
        let fine = |value: &str| Some((value.to_owned(), None));
        assert_eq!(read("på 326 896 457 kronor"), fine("326896457"));
        assert_eq!(read("på 326\u{202f}896\u{a0}457 kr"), fine("326896457"));
        assert_eq!(read("på 326 896\n457 kronor"), fine("326896457"));
        assert_eq!(read("om 5000 kronor"), fine("5000"));
        assert_eq!(read("6,5 miljoner"), fine("6.5"));
        assert_eq!(read("1.500.000 kr"), fine("1500000"));
        assert_eq!(read("år 2025 70 miljoner"), fine("2025"));
        assert_eq!(read("år 2025, 5 miljoner"), fine("2025"));
        assert_eq!(read("1, 5 miljoner"), Some(("1.5".to_owned(), Some(Flaw::SpaceAtComma))));
        assert_eq!(read("på 326 896457 kr"), Some(("326896457".to_owned(), Some(Flaw::Groups))));
        assert_eq!(read("på 3268 96457 kr"), Some(("326896457".to_owned(), Some(Flaw::Groups))));
        assert_eq!(read("12 000 15 000"), fine("12000"));
        assert_eq!(read("BP26 tilldelas"), None);
        assert_eq!(read("x-26"), None);
    }
}
