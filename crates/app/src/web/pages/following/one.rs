//! One indicator: over time with limits, by clinic, and between groups of women.

use super::alike::is_of_continuity;
use super::compared::{around, field};
use super::{asking, clinic, decimal, reported_cell, target_cell, value_cell, year};
use crate::data::Followed;
use crate::failure::Failure;
use crate::followed::{By, Query, Row, rows, words, years};
use crate::web::ask::{Ask, missing};
use crate::web::chart::Figure;
use crate::web::chart::intervals::{self, intervals};
use crate::web::chart::series::{self, series};
use crate::web::page::{Answer, Page};
use crate::web::table::{Cell, Column, Table, count, text};
use follow::control::{Chart, LEAST_POINTS, Rule, Signal, p_laney, xmr};
use follow::gap::are_alike;
use follow::interval::Share;
use follow::outcome::{Value, target_level};
use kernel::fact::Gives;
use kernel::finding::Text;

/// The page of one indicator.
pub(super) fn one(ask: &Ask) -> Result<Answer, Failure> {
    let (year, unit) = (year(ask)?, clinic(ask)?);
    let followed = ask.place.followed()?;
    let id = ask.param("indicator");
    let shown = Shown { ask, followed, id, year, unit: unit.as_deref() };
    let whole = shown.rows(By::Whole, unit.as_deref());
    let Some(row) = whole.first() else { return Err(missing()) };
    let definition = row.defined.indicator;
    let mut form = asking(ask, &format!("/uppfoljning/{id}"), year, unit.as_deref())?;
    if unit.is_none() && definition.fact.gives == Gives::Share {
        form = form.field(field(ask));
    }
    let mut page = Page::new(row.label())
        .under(ask.say("Uppföljning", "Follow-up"), "/uppfoljning")
        .with(crate::web::page::Block::Facts(facts(ask, row)))
        .with(form);
    if let Some(one) = followed.publication(year) {
        let said = ask.say("{år}: som publicerat {på}.", "{år}: as published {på}.");
        page =
            page.text(said.replace("{år}", &year.to_string()).replace("{på}", &one.on.to_string()));
    }
    page = page.maybe(shown.over_years());
    page = told(page, shown.over_time());
    if unit.is_none() {
        page = told(page, shown.by_clinic());
        page = told(page, shown.funnel());
        page = told(page, shown.standardised());
    }
    if is_of_continuity(definition.fact) {
        page = shown.continuity(page);
    }
    for by in By::ALL.iter().filter(|by| by.is_of_women() && by.is_told()) {
        page = told(page, shown.by_women(*by));
    }
    if let Some(defined_by) = &definition.fact.defined_by {
        let said = ask.say("Definitionen: ", "The definition: ");
        page = page.text(format!("{said}{defined_by}."));
    }
    Ok(page.into())
}

/// A figure with what its limits are, to be read by everybody.
fn told(page: Page, figure: Option<Figure>) -> Page {
    match figure {
        Some(figure) => {
            let description = figure.description.clone();
            page.with(figure).text(description)
        }
        None => page,
    }
}

fn facts(ask: &Ask, row: &Row<'_>) -> Vec<(String, Cell)> {
    let definition = row.defined.indicator;
    let of = |text: Text| Cell::from(ask.of(&text));
    let mut facts = vec![
        (row.year.to_string(), value_cell(ask, row)),
        (ask.say("95 % intervall", "95 % interval").to_owned(), of(words::interval(row))),
        (ask.say("Antal", "Counts").to_owned(), of(words::counts(row))),
        (ask.say("Rapporterat", "Reported").to_owned(), reported_cell(row)),
    ];
    if row.defined.target.is_some() {
        facts.push((ask.say("Målnivå", "Target").to_owned(), target_cell(ask, row)));
    }
    if let Some(due) = row.defined.target.and_then(|target| target.fact.due) {
        facts.push((
            ask.say("Ska nås senast", "To be reached by").to_owned(),
            due.to_string().into(),
        ));
    }
    let decision = definition.decision.id.as_str();
    let url = format!("/beslut/{decision}");
    facts.push((ask.say("Beslut", "Decision").to_owned(), Cell::from(decision).to(url)));
    facts
}

/// What is shown of one indicator.
pub(super) struct Shown<'a> {
    pub(super) ask: &'a Ask,
    pub(super) followed: &'a Followed,
    pub(super) id: &'a str,
    pub(super) year: i32,
    pub(super) unit: Option<&'a str>,
}

fn columns(group: Column) -> Vec<Column> {
    vec![
        group,
        count("value", "Värde", "Value"),
        text("interval", "95 % intervall", "95 % interval"),
        text("counts", "Antal", "Counts"),
        count("reported", "Rapporterat", "Reported"),
    ]
}

impl<'r> Shown<'r> {
    pub(super) fn rows(&self, by: By, unit: Option<&str>) -> Vec<Row<'r>> {
        self.of_year(self.year, by, unit)
    }

    fn of_year(&self, year: i32, by: By, unit: Option<&str>) -> Vec<Row<'r>> {
        let (unit, indicator) = (unit.map(str::to_owned), Some(self.id.to_owned()));
        rows(self.followed, &Query { year, by, unit, indicator, theme: None })
    }

    fn group(&self, by: By, row: &Row<'_>) -> String {
        let labels = &self.ask.place.labels;
        self.ask.of(&words::group(labels, by, row.group.as_deref(), self.unit))
    }

    fn cells(&self, by: By, row: &Row<'_>) -> Vec<Cell> {
        let of = |text: Text| Cell::from(self.ask.of(&text));
        vec![
            Cell::from(self.group(by, row)),
            value_cell(self.ask, row),
            of(words::interval(row)),
            of(words::counts(row)),
            reported_cell(row),
        ]
    }

    fn table(&self, id: &'static str, caption: &str, by: By, rows: &[Row<'_>]) -> Table {
        let group = match by {
            By::Unit => text("group", "Klinik", "Clinic"),
            By::Month => text("group", "Månad", "Month"),
            By::Quarter => text("group", "Kvartal", "Quarter"),
            By::Year => text("group", "År", "Year"),
            _ => text("group", "Grupp", "Group"),
        };
        let (last, groups): (Vec<&Row<'_>>, Vec<&Row<'_>>) =
            rows.iter().partition(|row| row.group.is_none());
        let groups = groups.into_iter().map(|row| self.cells(by, row));
        self.numbers(id, caption, columns(group), groups)
            .last(last.first().map(|row| self.cells(by, row)))
    }

    fn bars(&self, by: By, rows: &[Row<'_>], stands_out: &[bool]) -> Vec<intervals::Row> {
        let bar = |(row, stands_out): (&Row<'_>, &bool)| intervals::Row {
            label: self.group(by, row),
            value: ends(&row.value),
            shown: self.ask.of(&words::value(row)),
            stands_out: *stands_out,
        };
        rows.iter().zip(stands_out).map(bar).collect()
    }

    /// A title with the year.
    pub(super) fn titled(&self, sv: &'static str, en: &'static str) -> String {
        format!("{} {}", self.ask.say(sv, en), self.year)
    }

    /// The numbers of a figure, with where they come from.
    pub(super) fn numbers(
        &self,
        id: &'static str,
        title: &str,
        columns: Vec<Column>,
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Table {
        let origin = self.ask.place.data.follow_origin().name();
        Table::new(id, title, columns).rows(rows).origin(origin).short()
    }

    /// The level that values are held against: the target, else none.
    fn level(&self, row: &Row<'_>) -> Option<(f64, String)> {
        let target = row.defined.target?;
        let gives = &row.defined.indicator.fact.gives;
        Some((target_level(target.fact, gives), self.ask.of(&words::target(row))))
    }

    fn over_years(&self) -> Option<Figure> {
        let rows = self.rows(By::Year, self.unit);
        let first = rows.first()?;
        let title = self.ask.say("År för år", "Year by year").to_owned();
        let description = self.ask.say(
            "Varje år med sitt intervall; linjen är målnivån.",
            "Every year with its interval; the line is the target.",
        );
        let bars = self.bars(By::Year, &rows, &vec![false; rows.len()]);
        let level = self.level(first);
        let level = level.as_ref().map(|(level, name)| (*level, name.as_str()));
        Some(Figure {
            svg: intervals(&title, description, &bars, level),
            description: description.to_owned(),
            numbers: Some(self.table("ar", &title, By::Year, &rows)),
            title,
        })
    }

    /// What is told of the months or quarters of some years.
    fn in_parts(&self, by: By, years: impl Iterator<Item = i32>) -> Vec<Row<'r>> {
        let of_year = |year| self.of_year(year, by, self.unit);
        years.flat_map(of_year).filter(|row| row.group.is_some()).collect()
    }

    /// Two years of months with limits; where too few months can be shown for that (a rare event), the quarters of all years so far.
    fn over_time(&self) -> Option<Figure> {
        let told =
            |rows: &[Row<'_>]| rows.iter().filter(|row| row.value.number().is_some()).count();
        let months = self.in_parts(By::Month, self.year - 1..=self.year);
        let first = years(self.followed).next().unwrap_or(self.year);
        let quarters = match told(&months) {
            LEAST_POINTS.. => Vec::new(),
            _ => self.in_parts(By::Quarter, first..=self.year),
        };
        let (by, parts) = if told(&quarters) > told(&months) {
            (By::Quarter, quarters)
        } else {
            (By::Month, months)
        };
        let gives = &parts.first()?.defined.indicator.fact.gives;
        let is_share = parts.iter().any(|row| matches!(row.value, Value::Share { .. }));
        let chart = if is_share { of_shares(&parts) } else { of_values(&parts) };
        let points = parts.iter().enumerate().map(|(at, row)| point(row, at, chart.as_ref()));
        let points: Vec<series::Point> = points.collect();
        let scale = |value: f64| self.ask.of(&words::number(gives, value));
        let (id, title) = match by {
            By::Quarter => ("kvartal", self.ask.say("Kvartal för kvartal", "Quarter by quarter")),
            _ => ("manader", self.ask.say("Månad för månad", "Month by month")),
        };
        let description = self.description(chart.as_ref(), is_share);
        let numbers = self.table(id, title, by, &parts);
        Some(Figure {
            svg: series(title, &description, &points, &scale),
            description,
            numbers: Some(numbers),
            title: title.to_owned(),
        })
    }

    /// What the limits are and which rules flagged what.
    fn description(&self, chart: Option<&Chart>, is_share: bool) -> String {
        let Some(chart) = chart else {
            return self
                .ask
                .say(
                    "För få månader eller kvartal med värde för att dra gränser för slumpen; ett utan värde är en lucka.",
                    "Too few months or quarters with a value to draw limits of chance; one without a value is a gap.",
                )
                .to_owned();
        };
        let limits = match is_share {
            true => self.ask.say(
                "Heldragen linje: medelvärdet. Streckade: tre standardavvikelser så som andelarna själva varierar (p′-diagram). ",
                "Solid line: the mean. Dashed: three standard deviations as the shares themselves vary (p′ chart). ",
            ),
            false => self.ask.say(
                "Heldragen linje: medelvärdet. Streckade: 2,66 gånger hur mycket värdena i medel skiljer sig från det närmast före (XmR-diagram). ",
                "Solid line: the mean. Dashed: 2.66 times how much values on average differ from the one before (XmR chart). ",
            ),
        };
        let mut rules: Vec<String> =
            chart.signals.iter().map(|signal| said(self.ask, signal.rule)).collect();
        rules.sort();
        rules.dedup();
        let flagged = match rules.as_slice() {
            [] => self
                .ask
                .say("Inget mönster utöver slumpen.", "No pattern beyond chance.")
                .to_owned(),
            rules => {
                let said = self.ask.say("Märkta punkter: ", "Marked points: ");
                format!("{said}{}.", rules.join("; "))
            }
        };
        format!("{limits}{flagged}")
    }

    fn by_clinic(&self) -> Option<Figure> {
        let rows = self.rows(By::Unit, None);
        let groups = rows.iter().filter(|row| row.group.is_some()).count();
        if groups == 0 {
            return None;
        }
        let whole = rows.iter().find(|row| row.group.is_none()).and_then(|row| row.value.number());
        // Held against the spread of all, also where not all are shown.
        let flags: Vec<bool> = match around(&rows) {
            Some(funnel) => {
                funnel.points.iter().map(|p| p.is_some_and(|p| p.flag.is_some())).collect()
            }
            None => vec![false; groups],
        };
        let sees = |row: &Row<'_>| row.group.as_deref().is_none_or(|unit| self.ask.sees_unit(unit));
        let flags = flags.into_iter().chain([false]);
        let (rows, flags): (Vec<Row<'r>>, Vec<bool>) =
            rows.into_iter().zip(flags).filter(|(row, _)| sees(row)).unzip();
        let title = self.titled("Klinik för klinik", "Clinic by clinic");
        let description = self.ask.say(
            "Ordnade efter namn, inte efter värde. En fylld markering i den andra färgen skiljer sig från regionen mer än slumpen och spridningen mellan kliniker förklarar (tratt, 95 %).",
            "In order of name, not of value. A mark in the other colour differs from the region by more than chance and the spread between clinics explain (funnel, 95 %).",
        );
        let bars = self.bars(By::Unit, &rows, &flags);
        let level = whole.map(|whole| (whole, self.ask.say("regionen", "the region")));
        Some(Figure {
            svg: intervals(&title, description, &bars, level),
            description: description.to_owned(),
            numbers: Some(self.table("kliniker", &title, By::Unit, &rows)),
            title,
        })
    }

    /// Groups of women, each held against the largest.
    fn by_women(&self, by: By) -> Option<Figure> {
        let rows = self.rows(by, self.unit);
        if rows.iter().filter(|row| is_known(row)).count() < 2 {
            return None;
        }
        let label = self.ask.of(&by.label());
        let title = format!("{label} {}", self.year);
        let seen = self.ask.say(
            "Grupper av kvinnor med sina intervall; linjen är alla tillsammans.",
            "Groups of women with their intervals; the line is all together.",
        );
        let alike = alike(self.ask, &rows);
        let description = match &alike {
            Some(alike) => format!("{seen} {alike}"),
            None => seen.to_owned(),
        };
        let whole = rows.iter().find(|row| row.group.is_none()).and_then(|row| row.value.number());
        let bars = self.bars(by, &rows, &vec![false; rows.len()]);
        let level = whole.map(|whole| (whole, self.ask.say("alla", "all")));
        let mut table = self.table(by.name(), &title, by, &rows);
        if let Some(gaps) = gaps(self.ask, &rows) {
            table.columns.push(text(
                "gap",
                "Skillnad mot största gruppen",
                "Difference from the largest group",
            ));
            for (cells, gap) in table.rows.iter_mut().chain(table.last.as_mut()).zip(gaps) {
                cells.push(Cell::from(gap));
            }
        }
        Some(Figure {
            svg: intervals(&title, &description, &bars, level),
            description,
            numbers: Some(table),
            title,
        })
    }
}

/// A value with the ends of its interval; itself where it has none.
pub(super) fn ends(value: &Value) -> Option<(f64, f64, f64)> {
    let number = value.number()?;
    let (low, high) = value.interval().map_or((number, number), |both| (both.low, both.high));
    Some((number, low, high))
}

fn said(ask: &Ask, rule: Rule) -> String {
    let (sv, en) = rule.words();
    ask.say(sv, en).to_owned()
}

fn share_of(row: &Row<'_>) -> Option<Share> {
    match row.value {
        Value::Share { count, of, .. } => Some(Share { count, of }),
        _ => None,
    }
}

/// A p′ chart (Laney); what is not told is nobody.
fn of_shares(rows: &[Row<'_>]) -> Option<Chart> {
    let shares = rows.iter().map(|row| share_of(row).unwrap_or(Share { count: 0, of: 0 }));
    let shares: Vec<Share> = shares.collect();
    p_laney(&shares, shares.len())
}

/// A chart of single values (XmR) of those that are told, each in its place.
fn of_values(rows: &[Row<'_>]) -> Option<Chart> {
    let told = rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.value.number()?)));
    let (places, values): (Vec<usize>, Vec<f64>) = told.unzip();
    let chart = xmr(&values, values.len())?.values;
    let mut points = vec![None; rows.len()];
    for (place, point) in places.iter().zip(chart.points) {
        points.get_mut(*place).into_iter().for_each(|at| *at = point);
    }
    let place = |at: usize| places.get(at).copied();
    let signals = chart.signals.into_iter().filter_map(|signal| {
        Some(Signal { at: place(signal.at)?, until: place(signal.until)?, rule: signal.rule })
    });
    Some(Chart { points, signals: signals.collect() })
}

fn point(row: &Row<'_>, at: usize, chart: Option<&Chart>) -> series::Point {
    let drawn = chart.and_then(|chart| chart.points.get(at).copied().flatten());
    let flagged = chart.is_some_and(|chart| chart.signals.iter().any(|signal| signal.at == at));
    series::Point {
        label: row.group.clone().unwrap_or_default(),
        value: row.value.number(),
        limits: drawn.map(|point| (point.centre, point.low, point.high)),
        flag: flagged.then(|| "!".to_owned()),
    }
}

fn is_known(row: &Row<'_>) -> bool {
    row.group.as_deref().is_some_and(|key| !key.is_empty())
}

/// The difference of each group from the largest, with its interval, in percentage points; none where values are no shares.
fn gaps(ask: &Ask, rows: &[Row<'_>]) -> Option<Vec<String>> {
    let groups = rows.iter().filter(|row| is_known(row));
    let largest = groups.filter_map(share_of).max_by_key(|share| share.of)?;
    let points = |value: f64| {
        let sign = if value > 0.0 { "+" } else { "" };
        format!("{sign}{}", decimal(ask, value * 100.0, 1))
    };
    let said = |row: &Row<'_>| {
        let own = share_of(row).filter(|own| is_known(row) && *own != largest);
        let gap = own.and_then(|own| follow::gap::gap(own, largest, follow::interval::Level::P95));
        gap.map_or_else(String::new, |gap| {
            let (low, high) = (gap.difference_interval.low, gap.difference_interval.high);
            format!("{} ({} – {})", points(gap.difference), points(low), points(high))
        })
    };
    Some(rows.iter().map(said).collect())
}

/// How likely such differences are among groups that are alike, where all of them are told and large enough for that.
fn alike(ask: &Ask, rows: &[Row<'_>]) -> Option<String> {
    let groups: Vec<Share> =
        rows.iter().filter(|row| is_known(row)).map(share_of).collect::<Option<_>>()?;
    let (count, of) = groups.iter().fold((0, 0), |(c, o), one| (c + one.count, o + one.of));
    // Fewer than five expected of either kind, and the answer is not to be trusted.
    let least = count.min(of - count) as f64 / of.max(1) as f64;
    if groups.iter().any(|group| group.of as f64 * least < 5.0) {
        return None;
    }
    let chance = are_alike(&groups)?;
    let shown = if chance < 0.001 {
        format!("< {}", decimal(ask, 0.001, 3))
    } else {
        format!("= {}", decimal(ask, chance, 3))
    };
    let said = ask.say(
        "Så stora skillnader mellan grupper som är lika har sannolikheten p {} (chi-två).",
        "Differences as large as these among groups that are alike have the probability p {} (chi-square).",
    );
    Some(said.replace("{}", &shown))
}
