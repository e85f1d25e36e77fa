//! Words: a page in Swedish has none of the codes that programs read.
//!
//! Owns: walking the pages that links lead to, a few of each kind, and the codes of the kernel.

use super::support::Server;
use kernel::fact::{Approval, Area, ContactKind, Form, LegalForm, UnitKind};
use kernel::price::{Key, Reason};
use kernel::settle::Cause;
use std::collections::{BTreeMap, BTreeSet};

/// Pages of a kind that are read.
const OF_A_KIND: usize = 3;

/// Codes in English that are no words of Swedish.
fn codes() -> BTreeSet<&'static str> {
    let kinds = ContactKind::ALL.iter().map(|one| one.name());
    let kinds = kinds.chain(Area::ALL.iter().map(|one| one.name()));
    let kinds = kinds.chain(Approval::ALL.iter().map(|one| one.name()));
    let kinds = kinds.chain(Form::ALL.iter().map(|one| one.name()));
    let kinds = kinds.chain(LegalForm::ALL.iter().map(|one| one.name()));
    let kinds = kinds.chain(UnitKind::ALL.iter().map(|one| one.name()));
    let kinds = kinds.chain(Reason::ALL.iter().map(|one| one.name()));
    let kinds = kinds.chain(Cause::ALL.iter().map(|one| one.name()));
    let more =
        ["out-of-county", "other-region", "home-birth", "lump", "uplift", "tier", "agreement"];
    let all = kinds.chain(more);
    // Columns of contact files are told by the names that stand in the file.
    all.filter(|code| !Key::ALL.iter().any(|key| key.name() == *code)).collect()
}

/// The text of the page itself, without what is written as a file, a choice or a quotation.
fn said(page: &str) -> String {
    let main = page.split_once("<main").map_or(page, |(_, rest)| rest);
    let mut main = main.split("</main>").next().unwrap_or("").to_owned();
    for tag in ["pre", "code", "textarea", "style", "option"] {
        let (from, to) = (format!("<{tag}"), format!("</{tag}>"));
        while let Some(start) = main.find(&from) {
            let Some(end) = main[start..].find(&to) else { break };
            main.replace_range(start..start + end + to.len(), " ");
        }
    }
    let mut text = String::new();
    let mut is_text = true;
    for part in main.chars() {
        match part {
            '<' => is_text = false,
            '>' => {
                is_text = true;
                text.push('\n');
            }
            part if is_text => text.push(part),
            _ => {}
        }
    }
    text
}

/// The address without its names and numbers: pages of one kind have one.
fn kind(path: &str) -> String {
    let path = path.split('?').next().unwrap_or("");
    let parts: Vec<&str> = path.split('/').collect();
    let is_name = |part: &str| part.contains(|c: char| c.is_ascii_digit()) || part.contains('-');
    let shape = parts.iter().map(|part| if is_name(part) { "*" } else { part });
    shape.take(4).collect::<Vec<_>>().join("/")
}

#[test]
fn pages_in_swedish_have_no_codes_in_english() {
    let server = Server::of_demo();
    let session = server.role("controller");
    let (codes, mut bad) = (codes(), BTreeSet::new());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let (mut seen, mut queue) = (BTreeSet::new(), vec!["/".to_owned()]);
    while let Some(path) = queue.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let met = kinds.entry(kind(&path)).or_default();
        *met += 1;
        if *met > OF_A_KIND {
            continue;
        }
        let answer = server.made(&session, &path);
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        let words = said(&answer.body);
        // What a file should say is told as it is written, and an element whose rates have no word in common by its id.
        let is_written = path.starts_with("/inrapportering/") || path == "/beslut/nytt";
        for line in words.lines().filter(|line| !is_written && line.trim() != "group-visit") {
            let is_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
            let found = line.split(|c: char| !is_word(c)).find(|word| codes.contains(word));
            if let Some(found) = found {
                bad.insert(format!("{found}: {} ({path})", line.trim()));
            }
        }
        let links = answer.body.split("href=\"/").skip(1);
        let links = links.filter_map(|rest| rest.split('"').next());
        let is_page = |link: &&str| {
            let is_aside = ["static", "val?", "logga"].iter().any(|aside| link.starts_with(aside));
            !is_aside && !link.contains(".as=") && !link.contains(".sort=")
        };
        let links = links.filter(is_page).map(|link| format!("/{}", link.replace("&amp;", "&")));
        queue.extend(links.map(|link| link.split('#').next().unwrap_or("").to_owned()));
    }
    assert!(kinds.len() > 20, "{kinds:?}");
    assert!(bad.is_empty(), "{bad:#?}");
}
