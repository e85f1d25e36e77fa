//! What begins an item or a section: a bullet, a letter, a number.
//!
//! Owns: where the mark ends and the text begins. Does not own: which items make a list (`layout`).
//!
//! `3.2.1 Bemanning` is a section of depth three; `• Norra kliniken` an item.

use super::token::{Gap, Kind, Token, is_bullet};

/// The mark of an item that a line begins with, and after how many tokens its text begins.
pub(crate) fn marker(line: &[Token]) -> Option<usize> {
    let (first, second) = (line.first()?, line.get(1)?);
    if let Kind::Mark(mark) = first.kind {
        let spaced = second.gap > Gap::None && second.gap < Gap::Line;
        let is_private = matches!(mark, '\u{e000}'..='\u{f8ff}');
        if is_bullet(mark) && (spaced || is_private) {
            return Some(1);
        }
        let bracketed = mark == '('
            && line.get(2).is_some_and(|token| token.is_mark(')'))
            && second.text.len() <= 2;
        return bracketed.then_some(3);
    }
    let is_short = (first.kind == Kind::Digits && first.text.len() <= 2)
        || (first.kind == Kind::Word && first.text.chars().count() == 1);
    let closes = (second.is_mark('.') || second.is_mark(')')) && second.gap == Gap::None;
    let spaced = line.get(2).is_some_and(|token| token.gap > Gap::None && token.gap < Gap::Line);
    if is_short && closes && spaced {
        return Some(2);
    }
    if let Some((width, ..)) = section(line) {
        return Some(width);
    }
    let opens = second.is_capital || second.kind == Kind::Digits;
    let is_o = first.is("o") && second.gap > Gap::None && opens;
    is_o.then_some(1)
}

/// A section number at the beginning of a line: `3.2.1 Bemanning` or `2  Utrustning`; how many tokens it takes, how
/// many numbers it has, and the last of them.
pub(crate) fn section(line: &[Token]) -> Option<(usize, usize, u32)> {
    let number = |at: usize| {
        line.get(at).filter(|token| token.kind == Kind::Digits && token.text.len() <= 2)
    };
    let (mut at, mut depth) = (0, 1);
    number(0)?;
    while line.get(at + 1).is_some_and(|token| token.is_mark('.') && token.gap == Gap::None)
        && number(at + 2).is_some_and(|token| token.gap == Gap::None)
    {
        (at, depth) = (at + 2, depth + 1);
    }
    let next = line.get(at + 1)?;
    let is_title = next.is_capital && next.gap > Gap::None && next.gap < Gap::Line;
    let spaced = depth > 1 || next.gap == Gap::Wide;
    let last = number(at)?.text.parse().ok()?;
    (is_title && spaced && line.len() <= 24).then_some((at + 1, depth, last))
}
