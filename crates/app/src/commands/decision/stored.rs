//! The characters of a text file, however they are stored.
//!
//! Owns: UTF-8, UTF-16 with a mark, and Windows-1252. Does not own: Word and PDF files (`document`).
//!
//! `66 F6 72` is no UTF-8; in Windows-1252 it is `för`. The same in the code page of old DOS is refused, not guessed at.

/// The characters that Windows-1252 has from 80 to 9F; five of them are none.
const HIGH: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// What is written in Swedish beyond ASCII; other signs tell of another code page.
const WRITTEN: &str = "åäöÅÄÖéÉèÈêëáàâæøÆØüÜçñ–—‘’“”„…•·§°½¼¾×÷±´²³¹«»€£µ®©\u{a0}\u{ad}";

/// The text of bytes; `None` where they are no text that can be told.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => std::str::from_utf8(bytes).ok().map(str::to_owned).or_else(|| windows(bytes)),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty())
}

/// Text in Windows-1252, where every sign is one that a Swedish text has.
fn windows(bytes: &[u8]) -> Option<String> {
    let sign = |byte: &u8| match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied(),
        byte => Some(char::from(*byte)),
    };
    let is_written = |c: char| match c {
        '\t' | '\n' | '\r' | '\u{c}' => true,
        c if c.is_ascii() => !c.is_ascii_control(),
        c => WRITTEN.contains(c),
    };
    let text: String =
        bytes.iter().map(|byte| sign(byte).filter(|c| is_written(*c))).collect::<Option<_>>()?;
    // A quotation mark within a word is a letter of another code page.
    let is_within = |three: &[char]| match three {
        [a, '”' | '„', b] => a.is_alphabetic() && b.is_alphabetic(),
        _ => false,
    };
    let signs: Vec<char> = text.chars().collect();
    (!signs.windows(3).any(is_within)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_however_it_is_stored() {
        let expected = "För “vården” 5 000 kr – på";
        let bytes = |encode: fn(u16) -> [u8; 2]| -> Vec<u8> {
            expected.encode_utf16().flat_map(encode).collect()
        };
        assert_eq!(text(expected.as_bytes()).as_deref(), Some(expected));
        let little = [vec![0xff, 0xfe], bytes(u16::to_le_bytes)].concat();
        let big = [vec![0xfe, 0xff], bytes(u16::to_be_bytes)].concat();
        assert_eq!(text(&little).as_deref(), Some(expected));
        assert_eq!(text(&big).as_deref(), Some(expected));
        assert_eq!(
            text(b"F\xf6r \x93v\xe5rden\x94 5 000 kr \x96 p\xe5").as_deref(),
            Some(expected)
        );
        // The code page of old DOS, that of old Macintosh, half a sign, and no text at all.
        for other in [
            &b"F\x94r v\x86rden"[..],
            b"f\x94r",
            b"F\x9ar v\x8crden",
            b"\xff\xfea",
            b"\x00\x01\xe5",
        ] {
            assert_eq!(text(other), None);
        }
    }
}
