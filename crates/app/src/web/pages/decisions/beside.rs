//! A decision beside the text it was read in.
//!
//! Owns: where anchors stand in a source text. Does not own: whether they bear their amounts (`register check`).

use super::value;
use crate::commands::register::show::fact::told;
use crate::web::ask::Ask;
use crate::web::html::{Html, escaped};
use crate::web::page::{Block, Mood, Page};
use crate::web::table::Cell;
use crate::words;
use kernel::fact::{AllocationRule, Decision, Fact, Stated};
use kernel::finding::Text;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;
use std::path::{Component, Path};

/// Adds the source and every fact; beside the text, where it is at hand.
pub(super) fn with_source(ask: &Ask, page: Page, decision: &Decision) -> Page {
    let page = page.heading(ask.say("Källa och uppgifter", "Source and facts"));
    let (text, hash) = text_of(ask, decision);
    let page = page.with(Block::Facts(source(ask, decision, hash)));
    let Some(text) = text else {
        return page.with(Block::Raw(facts(ask, decision, &BTreeMap::new())));
    };
    let places: BTreeMap<usize, Range<usize>> = decision
        .facts
        .iter()
        .enumerate()
        .filter_map(|(at, stated)| Some((at, find(&text, stated.anchor.as_deref()?)?)))
        .collect();
    let page = match hash {
        Hash::Differs => page.notice(
            Mood::Attention,
            ask.say(
                "Texten i mappen är inte den som lästes när beslutet registrerades.",
                "The text in the folder is not the one that was read when the decision was registered.",
            ),
        ),
        _ => page,
    };
    let name = ask.say("Källans text", "Text of the source");
    let marked = marked(&text, &places);
    let beside = format!(
        "<div class=\"beside\"><div class=\"paper\" tabindex=\"0\" role=\"group\" aria-label=\"{name}\">{marked}</div>{}</div>",
        facts(ask, decision, &places)
    );
    page.with(Block::Raw(Html::raw(beside)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hash {
    NotAtHand,
    Unknown,
    Same,
    Differs,
}

fn text_of(ask: &Ask, decision: &Decision) -> (Option<String>, Hash) {
    let source = decision.source.as_ref();
    let file = source.and_then(|source| source.file.as_deref()).filter(|file| is_plain(file));
    let read = file.zip(ask.place.sources.as_ref());
    let bytes = read.and_then(|(file, folder)| std::fs::read(folder.join(file)).ok());
    let Some(bytes) = bytes else { return (None, Hash::NotAtHand) };
    let hash = match source.and_then(|source| source.sha256.as_deref()) {
        None => Hash::Unknown,
        Some(known) if *known == store::files::sha256(&bytes) => Hash::Same,
        Some(_) => Hash::Differs,
    };
    (Some(String::from_utf8_lossy(&bytes).into_owned()), hash)
}

/// Whether a name is that of a file in the folder itself.
fn is_plain(file: &str) -> bool {
    let mut parts = Path::new(file).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
}

fn source(ask: &Ask, decision: &Decision, hash: Hash) -> Vec<(String, Cell)> {
    let fact = |sv, en, cell: Cell| (ask.say(sv, en).to_owned(), cell);
    let Some(source) = &decision.source else {
        let none = Cell::from("").mark(ask.say("ingen källa angiven", "no source stated"));
        return vec![fact("Källa", "Source", none)];
    };
    let mut title = Cell::from(source.title.as_str());
    let is_web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    if let Some(url) = source.url.as_ref().filter(is_web) {
        title = title.to(url.as_str());
    }
    let checked = match hash {
        Hash::NotAtHand => ask.say("texten finns inte här", "the text is not at hand"),
        Hash::Unknown => ask.say("ingen kontrollsumma angiven", "no hash stated"),
        Hash::Same => ask.say("samma text som lästes", "the same text as was read"),
        Hash::Differs => ask.say("en annan text", "another text"),
    };
    let mut facts = vec![fact("Källa", "Source", title)];
    if let Some(day) = source.read_on {
        facts.push(fact("Läst", "Read on", day.to_string().into()));
    }
    facts.push(fact("Kontrollsumma", "Hash", checked.into()));
    facts
}

/// The text with the anchored phrases marked and numbered; where two overlap, the first is marked.
fn marked(text: &str, places: &BTreeMap<usize, Range<usize>>) -> String {
    let mut order: Vec<(usize, &Range<usize>)> = places.iter().map(|(at, r)| (*at, r)).collect();
    order.sort_by_key(|(at, range)| (range.start, *at));
    let (mut out, mut from) = (String::new(), 0);
    let part = |range: Range<usize>| escaped(text.get(range).unwrap_or(""));
    for (at, range) in order {
        let number = at + 1;
        if range.start < from {
            let _infallible =
                write!(out, "<a id=\"p{number}\" class=\"ref\" href=\"#u{number}\">{number}</a>");
            continue;
        }
        out.push_str(&part(from..range.start));
        let _infallible = write!(
            out,
            "<mark id=\"p{number}\">{}<a class=\"ref\" href=\"#u{number}\">{number}</a></mark>",
            part(range.clone())
        );
        from = range.end;
    }
    out.push_str(&part(from..text.len()));
    out
}

fn facts(ask: &Ask, decision: &Decision, places: &BTreeMap<usize, Range<usize>>) -> Html {
    let mut out = String::from("<ol class=\"stated\">");
    for (at, stated) in decision.facts.iter().enumerate() {
        write_fact(ask, at + 1, stated, places.contains_key(&at), &mut out);
    }
    out.push_str("</ol>");
    Html::raw(out)
}

fn write_fact(ask: &Ask, number: usize, stated: &Stated, is_placed: bool, out: &mut String) {
    let fact = told(&stated.fact);
    let name = match &stated.fact {
        Fact::Assignment(one) => {
            format!("{}: {}", one.unit, ask.of(&words::assignment(one.name.as_str())))
        }
        _ => stated.label.clone().unwrap_or_else(|| fact.id.clone()),
    };
    let _infallible = write!(
        out,
        "<li id=\"u{number}\"><b>{}</b> <span class=\"quiet\">{}</span><br>{}",
        escaped(&name),
        escaped(&ask.of(&words::fact_kind(fact.kind))),
        escaped(&said(ask, &stated.fact, &fact.value))
    );
    if let Some(anchor) = &stated.anchor {
        let quote = escaped(anchor);
        let _infallible = if is_placed {
            write!(out, "<br><a class=\"anchor\" href=\"#p{number}\">”{quote}”</a>")
        } else {
            write!(out, "<br><q>{quote}</q>")
        };
    }
    out.push_str("</li>");
}

/// What a fact says, in words where the command says it by its form.
fn said(ask: &Ask, fact: &Fact, value: &Text) -> String {
    let divided = |rule: &AllocationRule, of: &str| {
        let amount = rule.figure().map(|figure| format!(" {}", figure.amount));
        format!("{}{}, {of}", ask.of(&words::rule(rule)), amount.unwrap_or_default())
    };
    match fact {
        Fact::Rate(rate) => value::said(ask, rate),
        Fact::Heading(one) => divided(&one.rule, &one.grant),
        Fact::Item(one) => divided(&one.rule, one.recipient.as_deref().unwrap_or(&one.heading)),
        _ => ask.of(value),
    }
}

/// Where a phrase stands in a text, whatever spaces and line breaks divide its words.
fn find(text: &str, phrase: &str) -> Option<Range<usize>> {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let first = words.first()?;
    let starts = text.match_indices(first).map(|(at, _)| at);
    let end_of = |start: usize| {
        let mut at = start;
        for (number, word) in words.iter().enumerate() {
            let rest = text.get(at..)?;
            let trimmed = rest.trim_start();
            if number > 0 && trimmed.len() == rest.len() {
                return None;
            }
            at += rest.len() - trimmed.len();
            at += trimmed.strip_prefix(word).map(|_| word.len())?;
        }
        Some(at)
    };
    starts.into_iter().find_map(|start| Some(start..end_of(start)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_over_line_breaks_and_marked() {
        let text = "Höjs från 7\u{a0}400 kr\n till 14 200 kr <i>.";
        let place = find(text, "från 7 400 kr till 14 200 kr").unwrap();
        assert!(text[place.clone()].starts_with("från"), "{place:?}");
        assert!(text[place.clone()].ends_with("200 kr"), "{place:?}");
        assert_eq!(find(text, "från 7400 kr"), None);
        let marked = marked(text, &BTreeMap::from([(0, place)]));
        assert!(marked.starts_with("Höjs <mark id=\"p1\">från"), "{marked}");
        assert!(marked.ends_with("&lt;i&gt;."), "{marked}");
    }

    #[test]
    fn no_file_outside_the_folder_is_read() {
        assert!(is_plain("001_a.txt"));
        assert!(!is_plain("../a.txt") && !is_plain("/a") && !is_plain("a/b") && !is_plain(".."));
    }
}
