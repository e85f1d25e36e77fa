//! The text of a decision file from what was typed in a form.
//!
//! Owns: how the fields become TOML, and what a raise keeps of what it replaces. Does not own: what is right (`ratebook`).

use crate::web::query::Query;
use std::fmt::Write;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text of the decision: what was edited, or the head as typed; with the rate that was typed, if any. `body_of` gives the text of the
/// decision that states a rate.
pub(super) fn written(typed: &Query, body_of: impl Fn(&str) -> Option<String>) -> String {
    let mut text = typed.given("toml").replace("\r\n", "\n");
    if text.trim().is_empty() {
        text = head(typed);
    }
    let has_rate = ["amount", "replaces", "element"].iter().any(|key| typed.value(key).is_some());
    if has_rate {
        rate(&mut text, typed, body_of);
    }
    text
}

fn head(typed: &Query) -> String {
    let mut text = "[decision]\n".to_owned();
    for key in ["id", "body", "known_from", "decided_on", "case_number"] {
        let Some(value) = typed.value(key) else { continue };
        match key {
            "known_from" | "decided_on" => line(&mut text, key, value),
            _ => line(&mut text, key, &quoted(value)),
        }
    }
    if let Some(title) = typed.value("source") {
        let url =
            typed.value("url").map_or_else(String::new, |url| format!(", url = {}", quoted(url)));
        line(&mut text, "source", &format!("{{ title = {}{url} }}", quoted(title)));
    }
    text
}

/// Keys that a rate says anew, never kept from what it replaces.
const NEW: [&str; 9] = [
    "id",
    "was",
    "valid_from",
    "valid_to",
    "replaces",
    "anchor",
    "until",
    "illustrative",
    "requires",
];

fn rate(text: &mut String, typed: &Query, body_of: impl Fn(&str) -> Option<String>) {
    let given = |name: &str| typed.value(name);
    let replaced = given("replaces");
    let kept =
        replaced.map_or_else(Vec::new, |rate| kept(&body_of(rate).unwrap_or_default(), rate));
    let of_kept = |key: &str| kept.iter().find(|(known, _)| known == key).map(|(_, raw)| raw);
    let figures = ["amount", "percent", "per_year", "pot"];
    let figure = figures.into_iter().find(|key| of_kept(key).is_some()).unwrap_or("amount");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str("\n[[rate]]\n");
    let from = given("valid_from").unwrap_or("");
    let id = given("rate").map_or_else(|| new_id(replaced, given("element"), from), str::to_owned);
    line(text, "id", &quoted(&id));
    for key in ["element", "label", "formula"] {
        match (given(key), of_kept(key)) {
            (Some(value), _) => line(text, key, &quoted(value)),
            (None, Some(raw)) => line(text, key, raw),
            (None, None) if key == "formula" => line(text, key, "\"per-contact\""),
            (None, None) => {}
        }
    }
    for (key, name) in [(figure, "amount"), ("was", "was")] {
        if let Some(value) = given(name) {
            line(text, key, &quoted(value));
        }
    }
    for key in ["valid_from", "valid_to"] {
        if let Some(day) = given(key) {
            line(text, key, day);
        }
    }
    if let Some(rate) = replaced {
        line(text, "replaces", &format!("[{}]", quoted(rate)));
    }
    let made = ["element", "label", "formula", "when", figure];
    for (key, raw) in &kept {
        if !made.contains(&key.as_str()) && !NEW.contains(&key.as_str()) {
            line(text, key, raw);
        }
    }
    if let Some(when) = given("when").or_else(|| of_kept("when").map(String::as_str)) {
        line(text, "when", when);
    }
    if let Some(anchor) = given("anchor") {
        line(text, "anchor", &quoted(anchor));
    }
}

/// What is replaced, or the element, with the first day.
fn new_id(replaced: Option<&str>, element: Option<&str>, from: &str) -> String {
    let is_of_day = |c: char| c.is_ascii_digit() || c == '-';
    let base = replaced.or(element).unwrap_or("rate").trim_end_matches(is_of_day);
    format!("{base}-{from}")
}

fn line(text: &mut String, key: &str, raw: &str) {
    let _infallible = writeln!(text, "{key} = {raw}");
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The keys of a rate as its decision writes them.
fn kept(body: &str, rate: &str) -> Vec<(String, String)> {
    let Ok(document) = DeTable::parse(body) else { return Vec::new() };
    let rates = document.get_ref().get("rate").map(Spanned::get_ref);
    let Some(DeValue::Array(rates)) = rates else { return Vec::new() };
    let mut tables = rates.iter().filter_map(|one| match one.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    });
    let is_it = |table: &&DeTable<'_>| match table.get("id").map(Spanned::get_ref) {
        Some(DeValue::String(id)) => id == rate,
        _ => false,
    };
    let Some(table) = tables.find(is_it) else { return Vec::new() };
    let raw = |span: Range<usize>| body.get(span).unwrap_or("").to_owned();
    table.iter().map(|(key, value)| (key.get_ref().to_string(), raw(value.span()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "[decision]\nid = \"old\"\n[[rate]]\nid = \"add-on-2022\"\nelement = \"add-on\"\nformula = \"per-contact\"\namount = \"7 400 kr\"\nvalid_from = 2022-01-01\nwhen = { kind = [\"delivery\"], holds = [\"x\"] }\n";

    #[test]
    fn a_raise_keeps_what_is_not_said_anew() {
        let mut typed = Query::default();
        for (name, value) in [
            ("id", "new"),
            ("body", "H \"S\" N"),
            ("known_from", "2023-01-31"),
            ("replaces", "add-on-2022"),
            ("amount", "14 200 kr"),
            ("was", "7 400 kr"),
            ("valid_from", "2023-01-01"),
        ] {
            typed.push(name, value);
        }
        let text = written(&typed, |_| Some(OLD.to_owned()));
        let (decision, findings) = crate::ratebook::read_text("new.toml", &text);
        assert!(findings.is_empty(), "{findings:?}\n{text}");
        assert_eq!(decision.unwrap().body, "H \"S\" N");
        assert!(text.contains("id = \"add-on-2023-01-01\"\nelement = \"add-on\"\n"), "{text}");
        assert!(text.contains("when = { kind = [\"delivery\"], holds = [\"x\"] }\n"), "{text}");
    }

    #[test]
    fn a_text_that_was_edited_stands_as_it_is() {
        let mut typed = Query::default();
        typed.push("toml", "[decision]\r\nid = \"a\"\r\n");
        assert_eq!(written(&typed, |_| None), "[decision]\nid = \"a\"\n");
    }
}
