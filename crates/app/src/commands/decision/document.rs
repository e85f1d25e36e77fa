//! The text of a decision file: plain text as stored, or the paragraphs and tables of a Word file.
//!
//! Owns: which text a file is read as; places in it are those of this text. Does not own: what it says.
//!
//! The rows of a table in Word become lines whose cells are divided by tabs, and its numbered or bulleted paragraphs begin with `•`.

use crate::failure::Failure;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{Cursor, Read};
use std::path::Path;

/// The most that the text part of a Word file may unpack to.
const MOST: u64 = 256 * 1024 * 1024;

/// A file that was read as text.
pub struct Document {
    /// Its name without folders.
    pub name: String,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
    /// The text: of a text file the characters as stored.
    pub text: String,
}

impl Document {
    /// Reads a file; refuses what is no text, PDF or Word file.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| unreadable(&shown, path, &error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, ..Self::of(&shown, &bytes)? })
    }

    /// Reads the bytes of a file; refuses what is no text, PDF or Word file.
    pub fn of(name: &str, bytes: &[u8]) -> Result<Self, Failure> {
        let text = text_of(name, bytes)?;
        readable(name, &text)?;
        Ok(Self { name: name.to_owned(), sha256: store::files::sha256(bytes), text })
    }
}

/// Why a file cannot be read, in words.
fn unreadable(shown: &str, path: &Path, error: &std::io::Error) -> Failure {
    use std::io::ErrorKind::{NotFound, PermissionDenied};
    let (sv, en) = match error.kind() {
        _ if path.is_dir() => (
            "är en mapp; ange en fil med beslutets text".to_owned(),
            "is a folder; give a file with the text of the decision".to_owned(),
        ),
        NotFound => (
            "finns inte; kontrollera namn och mapp".to_owned(),
            "does not exist; check its name and folder".to_owned(),
        ),
        PermissionDenied => (
            "får inte läsas; be om rätt till filen".to_owned(),
            "must not be read; ask for access to the file".to_owned(),
        ),
        _ => (format!("går inte att läsa: {error}"), format!("cannot be read: {error}")),
    };
    Failure::refused(format!("`{shown}` {sv}"), format!("`{shown}` {en}"))
}

/// The longest text that is read, in characters: more than a thousand pages.
const LONGEST: usize = 4_000_000;

/// Refuses a text without words, and one that is longer than any decision.
fn readable(shown: &str, text: &str) -> Result<(), Failure> {
    let has_words = text.chars().any(char::is_alphanumeric);
    let count = text.chars().count();
    if !has_words {
        return Err(Failure::refused(
            format!("`{shown}` har ingen text; kontrollera att det är rätt fil"),
            format!("`{shown}` has no text; check that it is the right file"),
        ));
    }
    if count > LONGEST {
        return Err(Failure::refused(
            format!(
                "`{shown}` har {count} tecken, men högst {LONGEST} läses; dela upp texten på flera filer"
            ),
            format!(
                "`{shown}` has {count} characters, but at most {LONGEST} are read; divide the text into several files"
            ),
        ));
    }
    Ok(())
}

fn text_of(shown: &str, bytes: &[u8]) -> Result<String, Failure> {
    if bytes.starts_with(b"PK\x03\x04") {
        return word(bytes).ok_or_else(|| {
            Failure::refused(
                format!("`{shown}` är ingen hel Word-fil (.docx); spara den igen eller som text"),
                format!("`{shown}` is no whole Word file (.docx); save it again or as text"),
            )
        });
    }
    if bytes.starts_with(b"%PDF") {
        return super::pdf::text(shown, bytes);
    }
    super::stored::text(bytes).ok_or_else(|| {
        Failure::refused(
            format!(
                "`{shown}` är inte text som kan läsas; spara den som UTF-8, Word (.docx) eller PDF"
            ),
            format!("`{shown}` is no text that can be read; save it as UTF-8, Word (.docx) or PDF"),
        )
    })
}

/// The text of a Word file, or `None` where it is not one.
fn word(bytes: &[u8]) -> Option<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut xml = Vec::new();
    archive.by_name("word/document.xml").ok()?.take(MOST).read_to_end(&mut xml).ok()?;
    let xml = String::from_utf8(xml).ok()?;
    let mut reader = Reader::from_str(&xml);
    let mut text = String::new();
    // Cells hold paragraphs; inside a cell a paragraph ends with a space instead of a line.
    let (mut cells, mut is_deleted) = (0_usize, 0_usize);
    let (mut is_words, mut is_heading) = (false, false);
    loop {
        let event = reader.read_event().ok()?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "tc" => cells += 1,
                "t" => is_words = true,
                "p" => is_heading = false,
                // A paragraph of a list; a heading has a number of its own.
                "numPr" if cells == 0 && !is_heading && is_deleted == 0 => bullet(&mut text),
                name if NOT_SHOWN.contains(&name) => is_deleted += 1,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "tc" => {
                    cells = cells.saturating_sub(1);
                    while text.ends_with(' ') {
                        text.pop();
                    }
                    text.push('\t');
                }
                "tr" => {
                    if text.ends_with('\t') {
                        text.pop();
                    }
                    text.push('\n');
                }
                "tbl" => text.push('\n'),
                "p" if cells > 0 => text.push(' '),
                "p" => text.push_str("\n\n"),
                "t" => is_words = false,
                name if NOT_SHOWN.contains(&name) => is_deleted = is_deleted.saturating_sub(1),
                _ => {}
            },
            Event::Empty(tag) => match tag.local_name().as_ref() {
                _ if is_deleted > 0 => {}
                "pStyle" => {
                    is_heading = names_heading(tag);
                    if cells == 0 && names_list(tag) {
                        bullet(&mut text);
                    }
                }
                // A list that the paragraph is taken out of again.
                "numId" if has_value(tag, |value| value == "0") && text.ends_with("• ") => {
                    text.truncate(text.len() - "• ".len());
                }
                "tab" => text.push('\t'),
                "br" | "cr" => text.push('\n'),
                "noBreakHyphen" => text.push('\u{2011}'),
                _ => {}
            },
            Event::Text(words) if is_deleted == 0 && is_words => {
                text.push_str(&words.xml10_content())
            }
            Event::GeneralRef(entity) if is_deleted == 0 && is_words => {
                text.push_str(&resolved(entity)?)
            }
            Event::Eof => return Some(text),
            _ => {}
        }
    }
}

/// What is not shown: what was deleted or moved away, how a paragraph was before it was changed, codes of fields, and what older programs
/// show instead of a text box.
const NOT_SHOWN: [&str; 5] = ["del", "moveFrom", "pPrChange", "instrText", "Fallback"];

/// Whether a paragraph's style is that of a heading, in Word's English or Swedish name.
fn names_heading(tag: &quick_xml::events::BytesStart<'_>) -> bool {
    has_value(tag, |value| {
        let value = value.to_lowercase();
        value.starts_with("heading") || value.starts_with("rubrik")
    })
}

/// Whether a paragraph's style is that of a list, whose mark the style has: "List Bullet", "Lista, punkter", "Numrerad lista".
fn names_list(tag: &quick_xml::events::BytesStart<'_>) -> bool {
    const LISTS: [&str; 6] =
        ["listbullet", "listnumber", "punktlista", "numreradlista", "listapunkt", "listanumr"];
    has_value(tag, |value| {
        let value = value.to_lowercase().replace([' ', ',', '-'], "");
        LISTS.iter().any(|list| value.starts_with(list))
    })
}

/// Begins a paragraph of a list, once.
fn bullet(text: &mut String) {
    const BULLET: &str = "• ";
    if !text.ends_with(BULLET) {
        text.push_str(BULLET);
    }
}

fn has_value(tag: &quick_xml::events::BytesStart<'_>, is_wanted: impl Fn(&str) -> bool) -> bool {
    tag.attributes().flatten().any(|attribute| is_wanted(&attribute.value))
}

/// The character that `&amp;` or `&#229;` stands for.
fn resolved(entity: &quick_xml::events::BytesRef<'_>) -> Option<String> {
    if let Some(c) = entity.resolve_char_ref().ok()? {
        return Some(c.to_string());
    }
    quick_xml::escape::resolve_predefined_entity(entity).map(str::to_owned)
}
