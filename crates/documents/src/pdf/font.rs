//! The font: one family in two weights, its widths, and how a text is broken into lines.
//!
//! Source Sans 3 (SIL Open Font License 1.1, fonts/OFL.txt), regular and semibold. Figures all have one width, so that those of a column
//! stand under each other.

use crate::letters::within;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use std::collections::HashMap;
use std::sync::LazyLock;

const REGULAR: &[u8] = include_bytes!("../../fonts/SourceSans3-Regular.ttf");
const STRONG: &[u8] = include_bytes!("../../fonts/SourceSans3-SemiBold.ttf");

/// Both weights.
pub(super) struct Fonts {
    regular: Face,
    strong: Face,
}

/// One weight.
pub(super) struct Face {
    pub font: Font,
    signs: HashMap<char, Sign>,
}

/// How a character is drawn; widths are shares of the size.
#[derive(Clone, Copy, Debug, Default)]
struct Sign {
    glyph: u32,
    /// Its width here.
    advance: f32,
    /// How far from its left edge it begins.
    offset: f32,
}

/// Read once.
static FONTS: LazyLock<Option<Fonts>> =
    LazyLock::new(|| Some(Fonts { regular: Face::load(REGULAR)?, strong: Face::load(STRONG)? }));

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub size: f32,
    pub is_strong: bool,
}

impl Fonts {
    /// The fonts of the program; `None` where they cannot be read.
    pub fn load() -> Option<&'static Self> {
        FONTS.as_ref()
    }

    pub fn face(&self, style: Style) -> &Face {
        if style.is_strong { &self.strong } else { &self.regular }
    }

    pub fn width(&self, text: &str, style: Style) -> f32 {
        text.chars().map(|c| self.face(style).sign(c).advance).sum::<f32>() * style.size
    }

    /// The text in characters that both weights have; PDF/UA-1 takes no other.
    pub fn shown(&self, text: &str) -> String {
        let has = |c: char| self.regular.has(c) && self.strong.has(c);
        // The no-break spaces of an amount are kept.
        let parts = text.split('\u{a0}').map(|part| within(part, has));
        parts.collect::<Vec<_>>().join("\u{a0}")
    }

    /// Lines no wider than `room`, broken at spaces; a word that is wider alone is broken after a hyphen, else anywhere. A line that is
    /// not the last keeps its space at the end, for those who read the text out.
    pub fn lines(&self, text: &str, style: Style, room: f32) -> Vec<String> {
        let (mut lines, mut line) = (Vec::new(), String::new());
        for word in text.split_inclusive(' ') {
            let bare = word.trim_end_matches(' ');
            let is_wide = |line: &str| self.width(&format!("{line}{bare}"), style) > room;
            if !line.is_empty() && is_wide(&line) {
                lines.push(std::mem::take(&mut line));
            }
            if line.is_empty() && is_wide("") {
                let mut parts = self.parts(word, style, room);
                line = parts.pop().unwrap_or_default();
                lines.extend(parts);
            } else {
                line.push_str(word);
            }
        }
        lines.push(line);
        lines
    }

    fn parts(&self, word: &str, style: Style, room: f32) -> Vec<String> {
        let (mut parts, mut part, mut width) = (Vec::new(), String::new(), 0.0);
        for c in word.chars() {
            let more = self.face(style).sign(c).advance * style.size;
            if c != ' ' && !part.is_empty() && width + more > room {
                let at = part.rfind('-').map_or(part.len(), |at| at + 1);
                let rest = part.split_off(at);
                parts.push(std::mem::replace(&mut part, rest));
                width = self.width(&part, style);
            }
            part.push(c);
            width += more;
        }
        parts.push(part);
        parts
    }
}

impl Face {
    fn load(bytes: &'static [u8]) -> Option<Self> {
        let read = FontRef::new(bytes).ok()?;
        let font = Font::new(bytes.into(), 0)?;
        let metrics = read.glyph_metrics(Size::unscaled(), LocationRef::default());
        let width = |glyph| metrics.advance_width(glyph).unwrap_or(0.0) / font.units_per_em();
        let charmap = read.charmap();
        let figures = ('0'..='9').filter_map(|c| charmap.map(c)).map(width).fold(0.0, f32::max);
        let sign = |(code, glyph): (u32, skrifa::GlyphId)| {
            let c = char::from_u32(code).filter(|c| is_seen(*c))?;
            let own = width(glyph);
            let advance = if c.is_ascii_digit() { figures } else { own };
            let offset = (advance - own) / 2.0;
            Some((c, Sign { glyph: glyph.to_u32(), advance, offset }))
        };
        let signs = charmap.mappings().filter_map(sign).collect();
        Some(Self { font, signs })
    }

    fn has(&self, c: char) -> bool {
        self.signs.contains_key(&c)
    }

    fn sign(&self, c: char) -> Sign {
        self.signs.get(&c).copied().unwrap_or_default()
    }

    /// The glyphs of a text that is shown.
    pub fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let glyph = |(at, c): (usize, char)| {
            let Sign { glyph, advance, offset } = self.sign(c);
            let id = GlyphId::new(glyph);
            KrillaGlyph::new(id, advance, offset, 0.0, 0.0, at..at + c.len_utf8(), None)
        };
        text.char_indices().map(glyph).collect()
    }
}

/// Whether a character is a sign or a space, neither an invisible mark nor of private use.
const fn is_seen(c: char) -> bool {
    !matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { size: 10.0, is_strong: false };

    #[test]
    fn lines_hold_the_whole_text_and_are_no_wider_than_their_room() {
        let fonts = Fonts::load().unwrap();
        for text in [
            "",
            "a",
            "ett två  tre",
            "hsn-2023-01-raise-of-everything",
            "Överklagandenämnden för 14\u{a0}200,00\u{a0}kr",
        ] {
            for room in [1.0, 12.0, 40.0, 90.0, 1000.0] {
                let lines = fonts.lines(text, STYLE, room);
                assert_eq!(lines.concat(), text);
                let fits = |line: &String| {
                    fonts.width(line.trim_end(), STYLE) <= room
                        || line.trim_end().chars().count() < 2
                };
                assert!(lines.iter().all(fits), "{room} {lines:?}");
            }
        }
        assert_eq!(fonts.lines("hsn-2023-01-raise", STYLE, 40.0)[0], "hsn-");
    }

    #[test]
    fn figures_have_one_width_and_swedish_letters_are_there() {
        let fonts = Fonts::load().unwrap();
        assert_eq!(fonts.width("1111", STYLE), fonts.width("8888", STYLE));
        let text = "åäö ÅÄÖ § \u{2212}14\u{a0}200,00 × → ”“";
        assert_eq!(fonts.shown(text), text);
        assert_eq!(fonts.shown("日\u{fffe}"), "?");
    }
}
