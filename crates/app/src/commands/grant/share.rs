//! `grant share`: a post's share of its grant as published, beside the share of deliveries that residents of a municipality
//! had, each with how far it may be off.
//!
//! Owns: how the two are told. Does not own: the estimates (`kernel::grant`).
//!
//! KSON gets 2,2 % of the grant "based on how large a part of all deliveries are those of Norrtälje residents".

use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use kernel::grant::{Range, Share, Tree, counted_share, implied_share, trees};
use kernel::money::{Money, Ratio};
use kernel::time::Day;
use serde::Serialize;
use std::path::Path;

/// What to compare.
#[derive(Debug)]
pub struct Ask {
    /// A heading of a grant.
    pub post: String,
    /// The municipality whose residents' deliveries are counted.
    pub residence: String,
    /// The year of the deliveries; default that of the grant.
    pub year: Option<i32>,
    /// As known on a day.
    pub known_on: Option<Day>,
}

#[derive(Serialize)]
struct ShareJson<'a> {
    post: &'a str,
    grant: &'a str,
    residence: &'a str,
    year: i32,
    known_on: String,
    origin: &'static str,
    implied: EstimateJson,
    deliveries: u64,
    of_residents: u64,
    counted: Option<EstimateJson>,
    agree: Option<bool>,
}

#[derive(Serialize)]
struct EstimateJson {
    percent: String,
    low_percent: String,
    high_percent: String,
    amount_ore: i64,
    low_ore: i64,
    high_ore: i64,
    amount: String,
}

/// Runs `grant share`.
pub fn run(out: Out, folder: &Path, ask: &Ask) -> Result<Outcome, Failure> {
    let residence = &ask.residence;
    if residence.len() != 4 || !residence.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Failure::usage(
            format!("`{residence}` är ingen kommunkod; skriv fyra siffror, till exempel 0188"),
            format!("`{residence}` is no code of a municipality; write four digits, such as 0188"),
        ));
    }
    let mut data = DataFolder::open(folder)?;
    let known_on = ask.known_on.unwrap_or_else(engine::today);
    let (year, implied, whole, grant) = {
        let register = data.register();
        let all = trees(register, register.as_of(known_on));
        let (tree, implied) = stated(&all, &ask.post)?;
        (tree.grant.year, implied, tree.whole.printed, tree.grant.id.clone())
    };
    let year = ask.year.unwrap_or(year);
    let counted = data.deliveries(year, &ask.residence, known_on)?;
    let share = counted_share(counted.of_residents, counted.all);
    let origin = data.origin().name();
    let estimate = |share: &Share| (*share, share.of(whole).unwrap_or_default());
    let rows = [Some(estimate(&implied)), share.as_ref().map(estimate)];
    let agree = share.map(|share| share.agrees_with(&implied));
    if out.format == Format::Json {
        let [implied, counted_json] = rows.map(|row| row.map(|row| estimate_json(&row)));
        let Some(implied) = implied else { return Ok(Outcome::Done) };
        out.json(&ShareJson {
            post: &ask.post,
            grant: &grant,
            residence: &ask.residence,
            year,
            known_on: known_on.to_string(),
            origin,
            implied,
            deliveries: counted.all,
            of_residents: counted.of_residents,
            counted: counted_json,
            agree,
        })?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    let names = [
        Cell::of(out.lang.pick("enligt publicerade belopp", "by published amounts"), "implied"),
        Cell::of(out.lang.pick("räknad på förlossningar", "counted on deliveries"), "counted"),
    ];
    let cells = names.into_iter().zip(rows).filter_map(|(name, row)| Some(row_cells(name, &row?)));
    out.table_of(origin, &HEADS, &cells.collect::<Vec<_>>())?;
    let (residents, all, residence) = (counted.of_residents, counted.all, &ask.residence);
    out.say(
        &format!("\n{residents} av {all} förlossningar {year} gällde folkbokförda i {residence}"),
        &format!("\n{residents} of {all} deliveries of {year} were of residents of {residence}"),
    );
    match agree {
        Some(true) => out.say(
            "andelarna är förenliga inom sin osäkerhet",
            "the shares agree within their uncertainty",
        ),
        Some(false) => out.say(
            "andelarna är inte förenliga: skillnaden är större än osäkerheten",
            "the shares do not agree: they differ by more than their uncertainty",
        ),
        None => out.say("inga förlossningar är rapporterade", "no deliveries are reported"),
    }
    out.say(
        "Osäkerhet: för publicerade belopp sista skrivna siffran, för räknade 95 % (Wilson).",
        "Uncertainty: of published amounts the last printed digit, of counts 95 % (Wilson).",
    );
    Ok(Outcome::Done)
}

fn stated<'t, 'r>(all: &'t [Tree<'r>], post: &str) -> Result<(&'t Tree<'r>, Share), Failure> {
    let headings = all.iter().flat_map(|tree| tree.headings.iter().map(move |one| (tree, one)));
    let found = headings.clone().find(|(_, heading)| heading.id == post);
    let (tree, heading) = found.ok_or_else(|| {
        let known: Vec<&str> = headings.map(|(_, heading)| heading.id).collect();
        let known = known.join(", ");
        Failure::refused(
            format!("inget statsbidrag har rubriken `{post}`; kända är: {known}"),
            format!("no grant has the heading `{post}`; known are: {known}"),
        )
    })?;
    let share = heading.rule.figure().and_then(|part| implied_share(part, tree.grant.amount));
    let share = share.ok_or_else(|| {
        Failure::refused(
            format!("`{post}` har inget angivet belopp att räkna en andel av"),
            format!("`{post}` has no stated amount to make a share of"),
        )
    })?;
    Ok((tree, share))
}

fn percent(share: Ratio) -> String {
    let percent = Ratio::new(100, 1).and_then(|hundred| share.times(hundred));
    percent.and_then(|percent| percent.decimals(4)).unwrap_or_default()
}

fn estimate_json((share, of): &(Share, Range)) -> EstimateJson {
    EstimateJson {
        percent: percent(share.share),
        low_percent: percent(share.low),
        high_percent: percent(share.high),
        amount_ore: of.printed.ore(),
        low_ore: of.low.ore(),
        high_ore: of.high.ore(),
        amount: of.printed.to_string(),
    }
}

const HEADS: [Head; 7] = [
    text("share", "Andel", "Share"),
    number("percent", "%", "%"),
    number("low_percent", "lägst %", "at least %"),
    number("high_percent", "högst %", "at most %"),
    number("amount_ore", "Av statsbidraget", "Of the grant"),
    number("low_ore", "Lägst", "At least"),
    number("high_ore", "Högst", "At most"),
];

fn row_cells(name: Cell, (share, of): &(Share, Range)) -> Vec<Cell> {
    let shown = |share: Ratio| {
        let plain = percent(share);
        Cell::of(&plain.replace('.', ","), &plain)
    };
    let amount = |amount: Money| Cell::from(amount);
    vec![
        name,
        shown(share.share),
        shown(share.low),
        shown(share.high),
        amount(of.printed),
        amount(of.low),
        amount(of.high),
    ]
}
