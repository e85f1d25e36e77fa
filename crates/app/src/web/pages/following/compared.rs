//! Clinics held against the region: the funnel, and ratios of what was counted to what was expected of such women.

use super::one::Shown;
use super::{decimal, name};
use crate::followed::standard::{STRATA, ratios};
use crate::followed::{By, Row, words};
use crate::web::ask::Ask;
use crate::web::chart::Figure;
use crate::web::chart::funnel::{At, Point, funnel as drawn};
use crate::web::chart::intervals::{self, intervals};
use crate::web::form::{Field, Input};
use crate::web::table::{Cell, count, text};
use follow::funnel::{Funnel, Limits, Rule, Side, Unit, funnel};
use follow::interval::{Interval, Share};
use follow::outcome::Value;
use follow::standard::Standardised;

/// By which groups clinics are made comparable, as the address says; parity where it says nothing.
fn strata(ask: &Ask) -> By {
    let asked = ask.query.value("efter").and_then(By::parse);
    asked.filter(|by| STRATA.contains(by)).unwrap_or(By::Parity)
}

/// The field that asks for it.
pub(super) fn field(ask: &Ask) -> Field {
    let choices = STRATA.iter().map(|by| (by.name().to_owned(), ask.of(&by.label())));
    let label = ask.say("Jämför kliniker efter", "Compare clinics by");
    Field::new(ask, "efter", label, Input::Choice(choices.collect()), strata(ask).name())
}

/// The clinics' shares around that of the region; `None` where there is no share of the region.
pub(super) fn around(rows: &[Row<'_>]) -> Option<Funnel> {
    let whole = rows.iter().find(|row| row.group.is_none())?;
    let Value::Share { .. } = whole.value else { return None };
    let units: Vec<Unit> = rows.iter().filter(|row| row.group.is_some()).map(as_unit).collect();
    Some(funnel(&units, whole.value.number()?, Limits::Spread))
}

/// A share as it is told; one that is withheld is nobody's.
fn as_unit(row: &Row<'_>) -> Unit {
    match row.value {
        Value::Share { count, of, .. } => Unit::Share(Share { count, of }),
        _ => Unit::Share(Share { count: 0, of: 0 }),
    }
}

/// Sizes from somewhat below the least to the largest, at which limits are drawn.
fn sizes(points: &[Point]) -> Vec<f64> {
    const STEPS: u32 = 40;
    let least = points.iter().map(|point| point.of).fold(f64::INFINITY, f64::min) * 0.6;
    let most = points.iter().map(|point| point.of).fold(1.0, f64::max);
    (0..=STEPS).map(|step| least + (most - least) * f64::from(step) / f64::from(STEPS)).collect()
}

fn ends((inner, outer): (Interval, Interval)) -> [f64; 4] {
    [inner.low, inner.high, outer.low, outer.high]
}

impl Shown<'_> {
    /// Whether units differ by more than chance, and what the limits do about it.
    fn spread(&self, funnel: &Funnel) -> String {
        if funnel.points.iter().flatten().count() < 3 {
            return String::new();
        }
        let phi = decimal(self.ask, funnel.spread.phi, 1);
        match funnel.limits {
            Limits::Spread => self
                .ask
                .say(
                    "Klinikerna skiljer sig mer än slumpen (φ = {}); gränserna är vidgade för det.",
                    "The clinics differ by more than chance (φ = {}); the limits are widened for that.",
                )
                .replace("{}", &phi),
            Limits::Exact => self
                .ask
                .say(
                    "Klinikerna skiljer sig inte mer än slumpen (φ = {}); gränserna är slumpens egna.",
                    "The clinics differ by no more than chance (φ = {}); the limits are those of chance alone.",
                )
                .replace("{}", &phi),
        }
    }

    fn judged(&self, flag: Option<(Side, Rule)>) -> &'static str {
        let is_far = |rule| matches!(rule, Rule::Exact998 | Rule::Spread998);
        match flag {
            None => self.ask.say("inom gränserna", "within the limits"),
            Some((Side::Low, rule)) if is_far(rule) => {
                self.ask.say("under 99,8 %-gränsen", "below the 99.8 % limit")
            }
            Some((Side::Low, _)) => self.ask.say("under 95 %-gränsen", "below the 95 % limit"),
            Some((Side::High, rule)) if is_far(rule) => {
                self.ask.say("över 99,8 %-gränsen", "above the 99.8 % limit")
            }
            Some((Side::High, _)) => self.ask.say("över 95 %-gränsen", "above the 95 % limit"),
        }
    }

    /// Clinics by number of births, where three or more can be shown.
    pub(super) fn funnel(&self) -> Option<Figure> {
        let rows = self.rows(By::Unit, None);
        let funnel = around(&rows)?;
        let gives = &rows.first()?.defined.indicator.fact.gives;
        let number = |value: f64| self.ask.of(&words::number(gives, value));
        let range = |interval: Interval| self.ask.of(&words::range(gives, interval));
        let groups = rows.iter().filter_map(|row| Some((row, row.group.as_deref()?)));
        let told: Vec<_> = groups.zip(&funnel.points).collect();
        let mut points = Vec::new();
        let mut cells: Vec<Vec<Cell>> = Vec::new();
        for ((row, unit), point) in told {
            let (Value::Share { count, of, .. }, Some(point)) = (row.value, point) else {
                continue;
            };
            if !self.ask.sees_unit(unit) {
                continue;
            }
            points.push(Point {
                label: name(self.ask, unit).to_owned(),
                of: of as f64,
                value: point.value,
                stands_out: point.flag.is_some(),
            });
            cells.push(vec![
                Cell::of(name(self.ask, unit), unit),
                Cell::from(of),
                Cell::from(count),
                Cell::of(&number(point.value), &point.value.to_string()),
                Cell::from(range(point.inner)),
                Cell::from(range(point.outer)),
                Cell::from(self.judged(point.flag)),
            ]);
        }
        if funnel.points.iter().flatten().count() < 3 || points.is_empty() {
            return None;
        }
        let at = |of: f64| -> At {
            let of = of.max(1.0).round();
            (of, ends(funnel.at(Unit::Share(Share { count: 0, of: of as u64 }))))
        };
        let limits: Vec<At> = sizes(&points).into_iter().map(at).collect();
        let title = self.titled("Klinikerna i en tratt", "The clinics in a funnel");
        let description = format!(
            "{} {}",
            self.ask.say(
                "Klinikerna efter antal födslar; linjen är regionen. Av kliniker som är som regionen ligger 95 % innanför de inre gränserna och 99,8 % innanför de yttre.",
                "The clinics by number of births; the line is the region. Of clinics that are like the region 95 % lie within the inner limits and 99.8 % within the outer.",
            ),
            self.spread(&funnel)
        );
        let columns = vec![
            text("group", "Klinik", "Clinic"),
            count("of", "Födslar", "Births"),
            count("count", "Varav räknade", "Of these counted"),
            count("value", "Värde", "Value"),
            text("inner", "95 % gränser", "95 % limits"),
            text("outer", "99,8 % gränser", "99.8 % limits"),
            text("judged", "Läge", "Place"),
        ];
        let numbers = self.numbers("tratt", &title, columns, cells);
        let level = (funnel.target, self.ask.say("regionen", "the region"));
        Some(Figure {
            svg: drawn((&title, &description), &points, &limits, level, &number),
            description,
            numbers: Some(numbers),
            title,
        })
    }

    /// Clinics as ratios of what was counted to what the region's shares would give among such women.
    pub(super) fn standardised(&self) -> Option<Figure> {
        let by = strata(self.ask);
        let ratios = ratios(self.followed, (self.id, self.year), by)?;
        let units: Vec<Unit> = ratios
            .iter()
            .map(|ratio| match &ratio.told {
                Ok(told) => Unit::Ratio { observed: told.observed, expected: told.expected },
                Err(_) => Unit::Ratio { observed: 0, expected: 0.0 },
            })
            .collect();
        let funnel = funnel(&units, 1.0, Limits::Spread);
        let number = |value: f64| decimal(self.ask, value, 2);
        let (mut bars, mut cells) = (Vec::new(), Vec::new());
        for (ratio, point) in ratios.iter().zip(&funnel.points) {
            if !self.ask.sees_unit(&ratio.unit) {
                continue;
            }
            let shown = match &ratio.told {
                Ok(told) => number(told.ratio),
                Err(why) => self.ask.of(&words::why(*why)),
            };
            let ends = |told: &Standardised| (told.ratio, told.interval.low, told.interval.high);
            let told = ratio.told.as_ref().ok();
            bars.push(intervals::Row {
                label: name(self.ask, &ratio.unit).to_owned(),
                value: told.map(ends),
                shown: shown.clone(),
                stands_out: point.is_some_and(|point| point.flag.is_some()),
            });
            let blank = || Cell::from("");
            cells.push(vec![
                Cell::of(name(self.ask, &ratio.unit), &ratio.unit),
                told.map_or_else(blank, |told| Cell::from(told.observed)),
                told.map_or_else(blank, |told| {
                    Cell::of(&decimal(self.ask, told.expected, 1), &told.expected.to_string())
                }),
                Cell::of(&shown, &told.map_or_else(String::new, |told| told.ratio.to_string())),
                told.map_or_else(blank, |told| {
                    let Interval { low, high } = told.interval;
                    Cell::from(format!("{}–{}", number(low), number(high)))
                }),
                told.map_or_else(blank, |_| {
                    Cell::from(self.judged(point.and_then(|point| point.flag)))
                }),
            ]);
        }
        if bars.is_empty() {
            return None;
        }
        let title = format!(
            "{} ({}) {}",
            self.ask.say("Räknade mot väntade", "Counted against expected"),
            self.ask.of(&by.label()),
            self.year
        );
        let description = format!(
            "{} {}",
            self.ask.say(
                "Väntade är så många som regionens andelar i varje grupp skulle ge bland klinikens egna kvinnor (indirekt standardisering); 1 är som väntat. Räknat enbart ur det som får visas. I den andra färgen de som skiljer sig mer än slumpen (95 %).",
                "Expected are as many as the region's shares in each group would give among the clinic's own women (indirect standardisation); 1 is as expected. Counted from what may be shown alone. In the other colour those that differ by more than chance (95 %).",
            ),
            self.spread(&funnel)
        );
        let description = description.trim_end().to_owned();
        let columns = vec![
            text("group", "Klinik", "Clinic"),
            count("observed", "Räknade", "Counted"),
            count("expected", "Väntade", "Expected"),
            count("ratio", "Kvot", "Ratio"),
            text("interval", "95 % intervall", "95 % interval"),
            text("judged", "Läge", "Place"),
        ];
        let numbers = self.numbers("standardiserat", &title, columns, cells);
        let level = Some((1.0, self.ask.say("som väntat", "as expected")));
        Some(Figure {
            svg: intervals(&title, &description, &bars, level),
            description,
            numbers: Some(numbers),
            title,
        })
    }
}
