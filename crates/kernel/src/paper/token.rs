//! Tokens of a text: words, runs of digits and marks, each with its place and the space before it.
//!
//! Owns: how characters become tokens, whatever the normal form, line end, space or dash (D10). Does not own: what
//! tokens mean.
//!
//! `1, 5\nmkr` is a run of digits, a comma, a run of digits after a space, and a word after a line end.

/// A place in the text in code points, `end` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first code point.
    pub start: usize,
    /// The one after the last.
    pub end: usize,
}

impl Span {
    /// Whether `other` lies wholly within.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// What stands between a token and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing.
    None,
    /// One space of any kind.
    Space,
    /// Several spaces or a tab, as between columns.
    Wide,
    /// One line end.
    Line,
    /// A blank line or a new page.
    Blank,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters.
    Word,
    /// ASCII digits.
    Digits,
    /// Any other character; every dash is `-`.
    Mark(char),
}

/// A token.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    pub span: Span,
    /// Lower case and composed.
    pub text: String,
    pub is_capital: bool,
    pub gap: Gap,
}

impl Token {
    pub fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    pub fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    pub fn is_one_of(&self, words: &[&str]) -> bool {
        self.kind == Kind::Word && words.contains(&self.text.as_str())
    }
}

/// Whether a character is a dash of any kind, minus included.
pub(crate) const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// Whether a character is shown as nothing and says nothing.
const fn is_silent(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

pub(crate) const fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{85}' | '\u{2028}')
}

const fn is_page_end(c: char) -> bool {
    matches!(c, '\u{c}' | '\u{2029}')
}

/// A letter with the mark that follows it, as one letter; `None` where the pair is not a letter of the language.
const fn composed(letter: char, mark: char) -> Option<char> {
    Some(match (letter, mark) {
        ('a', '\u{30a}') => 'å',
        ('a', '\u{308}') => 'ä',
        ('o', '\u{308}') => 'ö',
        ('u', '\u{308}') => 'ü',
        ('e', '\u{301}') => 'é',
        ('e', '\u{300}') => 'è',
        ('a', '\u{300}') => 'à',
        _ => return None,
    })
}

const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Lower case, composed, without what is shown as nothing.
pub(crate) fn folded(chars: &[char]) -> String {
    let mut text = String::new();
    for &c in chars.iter().filter(|c| !is_silent(**c)) {
        if is_combining(c) {
            let joined = text.chars().next_back().and_then(|last| composed(last, c));
            if let Some(joined) = joined {
                text.pop();
                text.push(joined);
            }
        } else {
            text.extend(c.to_lowercase());
        }
    }
    text
}

/// All tokens of a text.
pub(crate) fn tokens(chars: &[char]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut gap = Gap::Blank;
    while let Some(&c) = chars.get(at) {
        if c == '\r' || is_silent(c) {
            at += 1;
            // A carriage return alone ends a line, as in very old files.
            if c == '\r' && chars.get(at) != Some(&'\n') {
                gap = after_line_end(gap);
            }
        } else if is_page_end(c) {
            (gap, at) = (Gap::Blank, at + 1);
        } else if is_line_end(c) {
            (gap, at) = (after_line_end(gap), at + 1);
        } else if c == '\t' {
            (gap, at) = (gap.max(Gap::Wide), at + 1);
        } else if let Some(end) = leaders(chars, at) {
            (gap, at) = (gap.max(Gap::Wide), end);
        } else if c.is_whitespace() {
            let one_more = if gap == Gap::None { Gap::Space } else { Gap::Wide };
            (gap, at) = (gap.max(one_more), at + 1);
        } else {
            let (kind, end) = extent(chars, at, c);
            let slice = chars.get(at..end).unwrap_or_default();
            let text = if let Kind::Mark(mark) = kind { mark.to_string() } else { folded(slice) };
            let span = Span { start: at, end };
            tokens.push(Token { kind, span, text, is_capital: c.is_uppercase(), gap });
            (gap, at) = (Gap::None, end);
        }
    }
    joined(tokens)
}

/// Words that a line end divides, `utbet-` and `alning`, as one; `hälso-` before `och` stands for itself, and cells of a table keep to
/// their lines.
fn joined(all: Vec<Token>) -> Vec<Token> {
    const LINKS: [&str; 6] = ["och", "eller", "samt", "till", "respektive", "som"];
    const LEAST: usize = 2;
    const MOST: usize = 40;
    let is_cell = |at: usize| {
        let line = all.get(at + 1..).unwrap_or_default().iter();
        line.take(MOST)
            .take_while(|token| token.gap < Gap::Line)
            .any(|token| token.gap == Gap::Wide)
    };
    let divided: Vec<bool> = (0..all.len())
        .map(|at| all.get(at).is_some_and(|t| t.is_mark('-')) && !is_cell(at + 1))
        .collect();
    let mut tokens: Vec<Token> = Vec::with_capacity(all.len());
    let mut has_cells = false;
    for (at, token) in all.into_iter().enumerate() {
        if let [.., word, dash] = tokens.as_mut_slice()
            && dash.is_mark('-')
            && dash.gap == Gap::None
            && word.kind == Kind::Word
            && token.kind == Kind::Word
            && token.gap == Gap::Line
            && !token.is_capital
            && !has_cells
            && at.checked_sub(1).and_then(|at| divided.get(at)) == Some(&true)
            && word.text.chars().count() >= LEAST
            && token.text.chars().count() >= LEAST
            && !token.is_one_of(&LINKS)
        {
            word.text.push_str(&token.text);
            word.span.end = token.span.end;
            // It stands where its end does: the words after it are on that line.
            word.gap = word.gap.max(Gap::Line);
            tokens.pop();
            continue;
        }
        has_cells = match token.gap {
            Gap::Line | Gap::Blank => false,
            gap => has_cells || gap == Gap::Wide,
        };
        tokens.push(token);
    }
    tokens
}

/// Where a row of points that leads the eye to a number ends: `Alby ....... 12 400`.
fn leaders(chars: &[char], at: usize) -> Option<usize> {
    const LEAST: usize = 4;
    let rest = chars.get(at..).unwrap_or_default();
    let count = rest.iter().take_while(|c| matches!(c, '.' | '…' | '_')).count();
    (count >= LEAST).then_some(at + count)
}

fn after_line_end(gap: Gap) -> Gap {
    if gap >= Gap::Line { Gap::Blank } else { Gap::Line }
}

fn extent(chars: &[char], at: usize, c: char) -> (Kind, usize) {
    let run = |belongs: fn(char) -> bool| {
        let rest = chars.get(at..).unwrap_or_default();
        at + rest.iter().position(|c| !belongs(*c)).unwrap_or(rest.len())
    };
    if c.is_ascii_digit() {
        (Kind::Digits, run(|c| c.is_ascii_digit()))
    } else if c.is_alphabetic() && !is_private(c) {
        (
            Kind::Word,
            run(|c| (c.is_alphabetic() && !is_private(c)) || is_combining(c) || is_silent(c)),
        )
    } else {
        (Kind::Mark(if is_dash(c) { '-' } else { c }), at + 1)
    }
}

const fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// Whether a mark begins an item of a list.
pub(crate) fn is_bullet(c: char) -> bool {
    is_private(c)
        || matches!(
            c,
            '•' | '·'
                | '▪'
                | '▫'
                | '■'
                | '□'
                | '◦'
                | '○'
                | '●'
                | '►'
                | '‣'
                | '⁃'
                | '*'
                | '✓'
                | '→'
                | '➢'
                | '-'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, Gap)> {
        let chars: Vec<char> = text.chars().collect();
        tokens(&chars).into_iter().map(|token| (token.text, token.gap)).collect()
    }

    #[test]
    fn normal_form_line_end_and_dash_make_no_difference() {
        let composed = "Två år\nhälso–vård";
        let decomposed = "Tva\u{30a} a\u{30a}r\r\nha\u{308}lso\u{2011}va\u{30a}rd";
        assert_eq!(told(composed), told(decomposed));
        assert_eq!(told("a\u{a0}b")[1].1, Gap::Space);
        assert_eq!(told("a\r\n\r\nb")[1].1, Gap::Blank);
        assert_eq!(told("a \n b")[1].1, Gap::Line);
    }

    #[test]
    fn a_word_that_a_line_end_divides_is_one_and_begins_the_line() {
        let said = told("Medlen utbet-\nalas nu, i hälso-\noch sjukvård");
        let words: Vec<&str> = said.iter().map(|(text, _)| text.as_str()).collect();
        let whole = ["medlen", "utbetalas", "nu", ",", "i", "hälso", "-", "och", "sjukvård"];
        assert_eq!(words, whole);
        assert_eq!((said[1].1, said[2].1), (Gap::Line, Gap::Space));
    }
}
