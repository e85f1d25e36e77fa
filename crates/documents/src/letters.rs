//! Letters that a format can hold.
//!
//! Owns: what stands in for a character that a format cannot hold. Does not own: which characters a format can hold.
//!
//! Where only ASCII can be held, `ő – “x”` is `o - "x"`.

use unicode_normalization::UnicodeNormalization;

/// The text on one line: composed (NFC), no space at the ends or after another. Control characters and the two that XML never
/// holds are spaces.
pub(crate) fn one_line(text: &str) -> String {
    let is_none = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    let spaced: String = text.nfc().map(|c| if is_none(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text on one line with the characters that can be held. Another is written as the sign nearest to it (a hyphen for
/// a dash, straight quotation marks), as its letter without accent, or as `?`.
pub(crate) fn within(text: &str, holds: impl Fn(char) -> bool) -> String {
    let mut kept = String::new();
    for c in one_line(text).chars() {
        if holds(c) {
            kept.push(c);
        } else if let Some(near) = near(c) {
            kept.extend(near.chars().map(|c| if holds(c) { c } else { '?' }));
        } else {
            let bare = std::iter::once(c).nfd().find(|c| holds(*c));
            kept.push(bare.unwrap_or('?'));
        }
    }
    kept
}

/// The sign nearest to one that a format cannot hold.
const fn near(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' | '\u{ad}' => "-",
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '`' | '´' | '"' => "'",
        '\u{201c}'..='\u{201e}' | '«' | '»' => "\"",
        '…' => "...",
        '€' => "EUR",
        'ø' => "ö",
        'Ø' => "Ö",
        'æ' => "ä",
        'Æ' => "Ä",
        '§' => "par.",
        '&' => "+",
        ';' => ",",
        _ => return None,
    })
}

/// Letters of Latin with their accents, and digits: what names of accounts are made of.
pub(crate) const fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{24f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_held_is_written_as_what_is_nearest() {
        let ascii = |text: &str| within(text, |c| c.is_ascii());
        assert_eq!(ascii("ő – “x” 7\u{a0}kr…"), "o - \"x\" 7 kr...");
        assert_eq!(ascii("a\u{0}b\n c\u{65e5}\u{ffff}"), "a b c?");
    }

    #[test]
    fn letters_in_two_parts_are_composed() {
        assert_eq!(one_line("Va\u{30a}rd"), "Vård");
        assert!("åäöÅÄÖéü".chars().all(is_latin) && !"×÷ -".chars().any(is_latin));
    }
}
