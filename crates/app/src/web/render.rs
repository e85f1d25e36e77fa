//! From pages as values to HTML.
//!
//! Owns: how every kind of part is marked up. Does not own: colours and sizes (`app.css`), or what a page says.

use super::ask::Ask;
use super::assets;
use super::chart::Figure;
use super::form::{Field, Form, Input};
use super::html::{Html, escaped};
use super::page::{Block, Mood, Page};
use super::pages;
use super::table::{Cell, Column, Shown, Table};
use crate::output::Lang;
use askama::Template;
use documents::sheet;
use kernel::money::Money;
use std::fmt::Write;

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    lang: &'static str,
    theme: &'a str,
    title: &'a str,
    fkui: String,
    theme_css: String,
    app_css: String,
    htmx: String,
    app_js: String,
    is_synthetic: bool,
    menu: Vec<MenuItem>,
    trail: &'a [(String, String)],
    lead: String,
    done: Option<&'a str>,
    problem: Option<String>,
    content: String,
    user: &'a str,
    role: String,
    is_in: bool,
    other_lang: String,
    light: String,
    dark: String,
    auto: String,
    words: &'static Words,
}

/// A page of the menu.
pub struct MenuItem {
    /// What it is called.
    pub text: &'static str,
    /// Where it is.
    pub url: &'static str,
    /// Whether it is the page that is shown, or one under it.
    pub is_here: bool,
}

/// The fixed words of the frame around pages.
pub struct Words {
    skip: &'static str,
    menu: &'static str,
    search: &'static str,
    find: &'static str,
    out: &'static str,
    synthetic: &'static str,
    lang: &'static str,
    lang_code: &'static str,
    light: &'static str,
    dark: &'static str,
    auto: &'static str,
    appearance: &'static str,
    trail: &'static str,
    access: &'static str,
    keys: &'static str,
    refused: &'static str,
    done: &'static str,
    log_in: &'static str,
}

const SV: Words = Words {
    skip: "Till innehållet",
    menu: "Huvudmeny",
    search: "Sök enhet, kontakt, beslut eller belopp",
    find: "Sök",
    out: "Logga ut",
    synthetic: "SYNTETISKA DATA: påhittade kontakter, inga verkliga personer",
    lang: "English",
    lang_code: "en",
    light: "Ljust",
    dark: "Mörkt",
    auto: "Som systemet",
    appearance: "Utseende",
    trail: "Du är här",
    access: "Tillgänglighet",
    keys: "Tangenter",
    refused: "Inget har ändrats.",
    done: "Klart.",
    log_in: "Logga in",
};
const EN: Words = Words {
    skip: "To the content",
    menu: "Main menu",
    search: "Find a unit, contact, decision or amount",
    find: "Find",
    out: "Log out",
    synthetic: "SYNTETISKA DATA (synthetic data): made-up contacts, no real persons",
    lang: "Svenska",
    lang_code: "sv",
    light: "Light",
    dark: "Dark",
    auto: "As the system",
    appearance: "Appearance",
    trail: "You are here",
    access: "Accessibility",
    keys: "Keys",
    refused: "Nothing was changed.",
    done: "Done.",
    log_in: "Log in",
};

/// A whole page.
pub fn page(ask: &Ask, page: &Page) -> Result<String, askama::Error> {
    let code = ask.say("sv", "en");
    let mut content = String::new();
    for block in &page.blocks {
        write_block(ask, block, &mut content);
    }
    let here = format!("{}{}", ask.path, ask.query.written());
    let go = |what: &str, value: &str| {
        format!("/val?{what}={value}&tillbaka={}", super::query::encoded(&here))
    };
    Layout {
        lang: code,
        theme: &ask.theme,
        title: &page.title,
        fkui: assets::address("fkui", "css"),
        theme_css: assets::address("theme", "css"),
        app_css: assets::address("app", "css"),
        htmx: assets::address("htmx", "js"),
        app_js: assets::address("app", "js"),
        is_synthetic: ask.place.data.is_synthetic(),
        menu: pages::menu(ask),
        trail: &page.trail,
        lead: page.lead.as_ref().map_or_else(String::new, Html::to_string),
        done: ask.done.as_deref(),
        problem: ask.problem.as_ref().map(|problem| sentence(&ask.of(problem))),
        content,
        user: &ask.user.name,
        role: ask.user.role.shown(ask.lang),
        is_in: ask.user.is_in(),
        other_lang: go("lang", ask.say("en", "sv")),
        light: go("tema", "light"),
        dark: go("tema", "dark"),
        auto: go("tema", "auto"),
        words: if ask.lang == Lang::Sv { &SV } else { &EN },
    }
    .render()
}

/// A message as a sentence: with a capital, and a full stop.
pub fn sentence(text: &str) -> String {
    let end = if text.ends_with(['.', '!', '?', ':']) { "" } else { "." };
    format!("{}{end}", crate::words::capital(text))
}

fn write_block(ask: &Ask, block: &Block, out: &mut String) {
    let _infallible = match block {
        Block::Heading { id, text } if id.is_empty() => {
            write!(out, "<h2>{}</h2>", escaped(text))
        }
        Block::Heading { id, text } => {
            write!(out, "<h2 id=\"{}\">{}</h2>", escaped(id), escaped(text))
        }
        Block::Text(text) => write!(out, "<p>{text}</p>"),
        Block::Facts(facts) => write_facts(facts, out),
        Block::Table(table) => write_table(ask, table, out),
        Block::Figure(figure) => write_figure(ask, figure, out),
        Block::Form(form) => write_form(ask, form, out),
        Block::Notice(mood, text) => {
            let (class, word) = match mood {
                Mood::Info => ("info", ""),
                Mood::Done => ("done", ask.say("Klart", "Done")),
                Mood::Attention => ("attention", ask.say("Obs", "Note")),
                Mood::Refused => ("refused", ask.say("Stopp", "Stop")),
            };
            let word = if word.is_empty() { String::new() } else { format!("<b>{word}:</b> ") };
            write!(out, "<div class=\"notice {class}\"><p>{word}{text}</p></div>")
        }
        Block::Links(links) => {
            out.push_str("<p class=\"links\">");
            for (text, url) in links {
                let _infallible = write!(
                    out,
                    "<a class=\"link-button\" href=\"{}\">{}</a> ",
                    escaped(url),
                    escaped(text)
                );
            }
            write!(out, "</p>")
        }
        Block::Columns(columns) => {
            out.push_str("<div class=\"columns\">");
            for column in columns {
                out.push_str("<div>");
                column.iter().for_each(|block| write_block(ask, block, out));
                out.push_str("</div>");
            }
            write!(out, "</div>")
        }
        Block::Fold(summary, blocks) => {
            let _infallible =
                write!(out, "<details class=\"fold\"><summary>{}</summary>", escaped(summary));
            blocks.iter().for_each(|block| write_block(ask, block, out));
            write!(out, "</details>")
        }
        Block::Raw(html) => write!(out, "{html}"),
    };
}

fn write_facts(facts: &[(String, Cell)], out: &mut String) -> std::fmt::Result {
    out.push_str("<dl class=\"facts\">");
    for (name, cell) in facts {
        write!(out, "<div><dt>{}</dt><dd>{}</dd></div>", escaped(name), cell_html(cell))?;
    }
    write!(out, "</dl>")
}

fn cell_html(cell: &Cell) -> String {
    let shown = whole_words(cell.shown());
    let mut html = if cell.href.is_empty() {
        shown
    } else {
        format!("<a class=\"anchor\" href=\"{}\">{shown}</a>", escaped(&cell.href))
    };
    for mark in &cell.marks {
        let class = if mark.chars().count() > MARK { "mark long" } else { "mark" };
        let _infallible = write!(html, " <span class=\"{class}\">{}</span>", escaped(mark));
    }
    html
}

/// The longest word that is not broken at its hyphens.
const WORD: usize = 26;

/// A text in which days, numbers of contacts and ids stay whole.
fn whole_words(text: &str) -> String {
    let is_whole = |word: &str| word.contains(['-', '–']) && word.chars().count() <= WORD;
    if !text.split(' ').any(is_whole) {
        return escaped(text);
    }
    let word = |word: &str| match is_whole(word) {
        true => format!("<span class=\"whole\">{}</span>", escaped(word)),
        false => escaped(word),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The longest mark that stands before its number; a longer one stands under it.
const MARK: usize = 24;

fn number_html(cell: &Cell) -> String {
    let (short, long): (Vec<&String>, Vec<&String>) =
        cell.marks.iter().partition(|mark| mark.chars().count() <= MARK);
    let span =
        |class: &str, mark: &str| format!("<span class=\"{class}\">{}</span> ", escaped(mark));
    let before: String = short.into_iter().map(|mark| span("mark", mark)).collect();
    let under: String = long.into_iter().map(|mark| span("mark under", mark)).collect();
    let mut plain = cell.clone();
    plain.marks.clear();
    format!("{before}{}{under}", cell_html(&plain))
}

fn write_figure(ask: &Ask, figure: &Figure, out: &mut String) -> std::fmt::Result {
    write!(
        out,
        "<figure class=\"figure\"><figcaption>{}</figcaption><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">{}</div>",
        escaped(&figure.title),
        escaped(&figure.title),
        figure.svg
    )?;
    if let Some(table) = &figure.numbers {
        write!(
            out,
            "<details class=\"fold\"><summary>{}</summary>",
            ask.say("Talen i figuren", "The numbers of the figure")
        )?;
        write_table(ask, table, out)?;
        write!(out, "</details>")?;
    }
    write!(out, "</figure>")
}

fn write_table(ask: &Ask, table: &Table, out: &mut String) -> std::fmt::Result {
    let id = format!("tbl-{}", table.id);
    let shown = table.shown(&ask.query);
    write!(out, "<div class=\"table-part\" id=\"{id}\">")?;
    if table.rows.is_empty() && table.last.is_none() {
        write!(
            out,
            "<p class=\"caption\">{}</p><p class=\"empty\">{}</p></div>",
            escaped(&table.caption),
            escaped(if table.empty.is_empty() {
                ask.say("Inget finns här än.", "There is nothing here yet.")
            } else {
                &table.empty
            })
        )?;
        return Ok(());
    }
    write_tools(ask, table, &shown, &id, out)?;
    write!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{0}\"><table class=\"data\"><caption class=\"sr-only\">{0}</caption><thead><tr>",
        escaped(&table.caption)
    )?;
    for column in &table.columns {
        write_head(ask, table, column, &shown, &id, out)?;
    }
    out.push_str("</tr></thead><tbody>");
    for row in &shown.rows {
        write_row(table, row, "", out)?;
    }
    out.push_str("</tbody>");
    if !shown.sums.is_empty() || table.last.is_some() {
        out.push_str("<tfoot>");
        if let Some(last) = &table.last {
            write_row(table, last, "rest", out)?;
        }
        if !shown.sums.is_empty() {
            write_sums(ask, table, &shown, out)?;
        }
        out.push_str("</tfoot>");
    }
    out.push_str("</table></div>");
    write_pages(ask, table, &shown, &id, out)?;
    write!(out, "</div>")
}

/// The attributes by which a link changes the table alone where scripts run.
fn swap(id: &str) -> String {
    format!("hx-target=\"#{id}\" hx-select=\"#{id}\" hx-swap=\"outerHTML\" hx-push-url=\"true\"")
}

fn write_tools(
    ask: &Ask,
    table: &Table,
    shown: &Shown<'_>,
    id: &str,
    out: &mut String,
) -> std::fmt::Result {
    write!(
        out,
        "<p class=\"caption\" aria-hidden=\"true\">{}</p><div class=\"table-tools\">",
        escaped(&table.caption)
    )?;
    let has_filter = table.has_filter && (shown.all > 8 || !shown.sought.is_empty());
    if has_filter {
        let field = table.field("q");
        write!(
            out,
            "<form class=\"filter\" method=\"get\" action=\"{0}\" hx-get=\"{0}\" {1} role=\"search\" aria-label=\"{2}: {3}\">",
            escaped(&ask.path),
            swap(id),
            ask.say("Filtrera", "Filter"),
            escaped(&table.caption)
        )?;
        let kept = ask.query.with(&[(&field, ""), (&table.field("page"), "")]);
        for (name, value) in kept.pairs() {
            write!(
                out,
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
                escaped(name),
                escaped(value)
            )?;
        }
        write!(
            out,
            "<label for=\"{id}-q\">{}</label> <input id=\"{id}-q\" type=\"search\" name=\"{}\" value=\"{}\"> <button type=\"submit\">{}</button></form>",
            ask.say("Filtrera", "Filter"),
            escaped(&field),
            escaped(&shown.sought),
            ask.say("Visa", "Show")
        )?;
    }
    let found = if shown.found == shown.all {
        ask.say("{} rader", "{} rows").replace("{}", &number(shown.all))
    } else {
        let text = ask.say("{} av {all} rader", "{} of {all} rows");
        text.replace("{}", &number(shown.found)).replace("{all}", &number(shown.all))
    };
    if has_filter || shown.pages > 1 {
        write!(out, "<span class=\"found\" role=\"status\">{found}</span>")?;
    }
    out.push_str("<span class=\"downloads\">");
    for (form, text) in [("csv", "CSV"), ("xlsx", "Excel")] {
        let url = ask.with(&[(&table.field("as"), form)]);
        let what = ask.say("Ladda ned tabellen som", "Download the table as");
        write!(
            out,
            "<a class=\"anchor\" href=\"{}\" aria-label=\"{what} {text}: {}\" download>{text}</a> ",
            escaped(&url),
            escaped(&table.caption)
        )?;
    }
    write!(out, "</span></div>")
}

fn number(count: usize) -> String {
    kernel::money::grouped(u64::try_from(count).unwrap_or(u64::MAX))
}

fn write_head(
    ask: &Ask,
    table: &Table,
    column: &Column,
    shown: &Shown<'_>,
    id: &str,
    out: &mut String,
) -> std::fmt::Result {
    let head = &column.head;
    let mut text = ask.lang.pick(head.sv, head.en).to_owned();
    if column.is_money {
        text.push_str(" (kr)");
    }
    let (order, next, arrow) = match shown.sorted {
        Some((key, true)) if key == head.key => ("descending", "", "▾"),
        Some((key, false)) if key == head.key => ("ascending", "-", "▴"),
        _ if head.numeric => ("none", "-", ""),
        _ => ("none", "", ""),
    };
    let sort = format!("{next}{}", head.key);
    let url = ask.with(&[(&table.field("sort"), &sort), (&table.field("page"), "")]);
    let class = if head.numeric { " class=\"number\"" } else { "" };
    let sorted = if order == "none" { String::new() } else { format!(" aria-sort=\"{order}\"") };
    if text.is_empty() {
        return write!(out, "<td{class}></td>");
    }
    if shown.all < 2 {
        return write!(out, "<th scope=\"col\"{class}>{}</th>", escaped(&text));
    }
    write!(
        out,
        "<th scope=\"col\"{class}{sorted}><a href=\"{0}\" hx-get=\"{0}\" {1}>{2}<span aria-hidden=\"true\" class=\"arrow\">{arrow}</span></a></th>",
        escaped(&url),
        swap(id),
        escaped(&text)
    )
}

fn write_row(table: &Table, row: &[Cell], class: &str, out: &mut String) -> std::fmt::Result {
    if class.is_empty() {
        out.push_str("<tr>");
    } else {
        write!(out, "<tr class=\"{class}\">")?;
    }
    for (column, cell) in table.columns.iter().zip(row) {
        let class = match column.head.numeric {
            true if cell.plain() == "0" => " class=\"number zero\"",
            true => " class=\"number\"",
            false => "",
        };
        // Marks stand before a number, so that numbers stay under each other.
        let html = if column.head.numeric { number_html(cell) } else { cell_html(cell) };
        write!(out, "<td{class}>{html}</td>")?;
    }
    writeln!(out, "</tr>")
}

fn write_sums(ask: &Ask, table: &Table, shown: &Shown<'_>, out: &mut String) -> std::fmt::Result {
    out.push_str("<tr class=\"sum\">");
    let mut is_said = false;
    for (column, sum) in table.columns.iter().zip(&shown.sums) {
        let class = if column.head.numeric { " class=\"number\"" } else { "" };
        match sum {
            Some(sum) => write!(out, "<td{class}>{}</td>", cell_html(sum))?,
            None if !is_said => {
                is_said = true;
                let all = shown.found == shown.all;
                let text = if all {
                    ask.say("Summa", "Sum")
                } else {
                    ask.say("Summa av visade", "Sum of those shown")
                };
                write!(out, "<th scope=\"row\"{class}>{text}</th>")?;
            }
            None => write!(out, "<td{class}></td>")?,
        }
    }
    out.push_str("</tr>");
    Ok(())
}

fn write_pages(
    ask: &Ask,
    table: &Table,
    shown: &Shown<'_>,
    id: &str,
    out: &mut String,
) -> std::fmt::Result {
    if shown.pages < 2 {
        return Ok(());
    }
    write!(
        out,
        "<nav class=\"pages\" aria-label=\"{}: {}\">",
        ask.say("Sidor", "Pages"),
        escaped(&table.caption)
    )?;
    let link = |page: usize, text: &str, out: &mut String| {
        let url = ask.with(&[(&table.field("page"), &page.to_string())]);
        write!(
            out,
            "<a class=\"anchor\" href=\"{0}\" hx-get=\"{0}\" {1}>{text}</a> ",
            escaped(&url),
            swap(id)
        )
    };
    if shown.page > 1 {
        link(shown.page - 1, ask.say("Föregående", "Previous"), out)?;
    }
    let text = ask.say("sida {} av {all}", "page {} of {all}");
    write!(
        out,
        "<span>{}</span> ",
        text.replace("{}", &number(shown.page)).replace("{all}", &number(shown.pages))
    )?;
    if shown.page < shown.pages {
        link(shown.page + 1, ask.say("Nästa", "Next"), out)?;
    }
    write!(out, "</nav>")
}

fn write_form(ask: &Ask, form: &Form, out: &mut String) -> std::fmt::Result {
    let kind = if form.has_files { " enctype=\"multipart/form-data\"" } else { "" };
    write!(
        out,
        "<form class=\"{}\" method=\"{}\" action=\"{}\"{kind}>",
        if form.asks { "form across" } else { "form" },
        if form.asks { "get" } else { "post" },
        escaped(&form.action)
    )?;
    if let Some(lead) = &form.lead {
        write!(out, "<p>{lead}</p>")?;
    }
    for field in &form.fields {
        write_field(ask, field, &form.action, out)?;
    }
    let class = if form.binds { "button button--primary" } else { "button button--secondary" };
    write!(
        out,
        "<button class=\"{class}\" type=\"submit\">{}</button></form>",
        escaped(&form.button)
    )
}

fn write_field(ask: &Ask, field: &Field, action: &str, out: &mut String) -> std::fmt::Result {
    let (name, value) = (escaped(&field.name), escaped(&field.value));
    let letters = action.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let id = format!("f{}-{name}", letters.collect::<String>());
    if matches!(field.input, Input::Hidden) {
        return write!(out, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
    }
    let hint_id = format!("{id}-hint");
    let described = if field.hint.is_empty() {
        String::new()
    } else {
        format!(" aria-describedby=\"{hint_id}\"")
    };
    let required = if field.is_required { " required" } else { "" };
    let optional = if field.is_required || matches!(field.input, Input::Check | Input::Choice(_)) {
        ""
    } else {
        ask.say(" (valfritt)", " (optional)")
    };
    out.push_str("<div class=\"field\">");
    if let Input::Check = field.input {
        let checked = if field.value.is_empty() { "" } else { " checked" };
        write!(
            out,
            "<input id=\"{id}\" type=\"checkbox\" name=\"{name}\" value=\"1\"{checked}{described}> <label class=\"check\" for=\"{id}\">{}</label>",
            escaped(&field.label)
        )?;
    } else {
        write!(out, "<label for=\"{id}\">{}{optional}</label>", escaped(&field.label))?;
    }
    if !field.hint.is_empty() {
        write!(out, "<p class=\"hint\" id=\"{hint_id}\">{}</p>", escaped(&field.hint))?;
    }
    match &field.input {
        Input::Line => write!(
            out,
            "<input id=\"{id}\" type=\"text\" name=\"{name}\" value=\"{value}\"{required}{described}>"
        )?,
        Input::Password => write!(
            out,
            "<input id=\"{id}\" type=\"password\" name=\"{name}\" autocomplete=\"current-password\"{required}{described}>"
        )?,
        Input::Day => write!(
            out,
            "<input id=\"{id}\" type=\"date\" name=\"{name}\" value=\"{value}\"{required}{described}>"
        )?,
        Input::Month => write!(
            out,
            "<input id=\"{id}\" type=\"month\" name=\"{name}\" value=\"{value}\" pattern=\"[0-9]{{4}}-[0-9]{{2}}\"{required}{described}>"
        )?,
        Input::Lines(rows) => write!(
            out,
            "<textarea id=\"{id}\" name=\"{name}\" rows=\"{rows}\"{required}{described}>\n{value}</textarea>"
        )?,
        Input::Choice(choices) => {
            write!(out, "<select id=\"{id}\" name=\"{name}\"{required}{described}>")?;
            for (choice, text) in choices {
                let selected = if *choice == field.value { " selected" } else { "" };
                write!(
                    out,
                    "<option value=\"{}\"{selected}>{}</option>",
                    escaped(choice),
                    escaped(text)
                )?;
            }
            out.push_str("</select>");
        }
        Input::Files => write!(
            out,
            "<input id=\"{id}\" type=\"file\" name=\"{name}\" multiple{required}{described}>"
        )?,
        Input::Check | Input::Hidden => {}
    }
    out.push_str("</div>");
    Ok(())
}

/// A table as a sheet: amounts are amounts, and sums are formulas over the rows.
pub fn sheet(table: &Table, rows: &[&Vec<Cell>], lang: Lang) -> sheet::Sheet {
    let heads = table.columns.iter().map(|column| {
        let text = lang.pick(column.head.sv, column.head.en);
        if column.is_money { format!("{text} (kr)") } else { text.to_owned() }
    });
    let cell = |(column, cell): (&Column, &Cell)| match cell.plain().parse::<i64>() {
        Ok(ore) if column.is_money => sheet::Cell::Amount(Money::from_ore(ore)),
        Ok(count) if column.head.numeric => sheet::Cell::Number(count),
        _ if cell.shown().is_empty() => sheet::Cell::Blank,
        _ => sheet::Cell::text(cell.shown()),
    };
    let synthetic = (table.origin == "synthetic").then(|| SV.synthetic.to_owned());
    let mut made = sheet::Sheet {
        name: table.id.to_owned(),
        notes: synthetic.into_iter().chain([table.caption.clone()]).collect(),
        heads: heads.collect(),
        rows: rows.iter().map(|row| table.columns.iter().zip(*row).map(cell).collect()).collect(),
        sums: 0,
    };
    if !rows.is_empty() && table.columns.iter().any(|column| column.is_summed && column.is_money) {
        let first = made.row_number(0);
        let last = made.row_number(rows.len() - 1);
        let sum = |(at, column): (usize, &Column)| {
            if !(column.is_summed && column.is_money) {
                return sheet::Cell::Blank;
            }
            let ores = rows.iter().filter_map(|row| row.get(at)?.plain().parse::<i64>().ok());
            let sum = Money::from_ore(ores.fold(0, i64::saturating_add));
            sheet::Cell::sum(u16::try_from(at).unwrap_or(0), first..=last, sum)
        };
        made.rows.push(table.columns.iter().enumerate().map(sum).collect());
        made.sums = 1;
    }
    made
}
