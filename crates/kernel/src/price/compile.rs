//! The compiled view: eras, unit contexts, classes of contacts, and priced cells kept once computed.

use super::TooLarge;
use super::cell::Cell;
use super::condition::{Residency, failing_contact_key, failing_unit_key};
use crate::contact::{Profile, Reports};
use crate::fact::{
    ContactCondition, ContactKind, Form, Formula, PregnancyPeriod, Rate, UnitCondition, WeightField,
};
use crate::id::{ElementId, PayerId, RateId};
use crate::intern::{FastMap, Interner, Texts};
use crate::money::Ratio;
use crate::register::{Known, UnitHistory, View};
use crate::time::{Day, Period};
use std::collections::{BTreeMap, BTreeSet};

/// A rate with what its application needs to know.
#[derive(Clone, Debug)]
pub struct CompiledRate<'r> {
    /// The rate as known.
    pub known: Known<'r, Rate>,
    /// Number of its element, by name.
    pub element: u16,
    /// Number of its contact condition.
    pub contact_condition: usize,
    /// Number of its unit condition.
    pub unit_condition: usize,
    /// Rates that suppress it where they apply (R1).
    pub suppressors: Vec<usize>,
    /// Whether it is uncertain or made up: its own mark, its decision's, or that of its weights.
    pub illustrative: bool,
    /// Whether its decision, or its weights', has keys that no source confirms.
    pub unverified: bool,
}

impl<'r> CompiledRate<'r> {
    /// The rate.
    pub fn rate(&self) -> &'r Rate {
        self.known.fact
    }
}

/// What must be said of an amount (design: illustrative and unverified are inherited and shown).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// No public value exists for something it rests on.
    pub illustrative: bool,
    /// No source confirms something it rests on.
    pub unverified: bool,
}

/// What the register says of a unit in an era.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Context {
    /// Only where a weight goes by unit: units that nothing tells apart share a context.
    pub unit: Option<u16>,
    pub form: Form,
    pub backward_months: Option<i32>,
    pub area_class: Option<String>,
    /// For each unit condition, whether it holds.
    pub holds: Vec<bool>,
}

/// Everything about a contact that any rule can see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Class {
    /// For each contact condition, whether it holds.
    pub holds: Vec<bool>,
    /// For each weight field in use, the number of its text; [`BLANK`] where it is blank.
    pub codes: Vec<u32>,
    /// For each payer, how specifically it matches; 0 where it does not.
    pub payers: Vec<u32>,
    /// What it is to period pay.
    pub visit: Visit,
}

/// What a contact is to the pay of a period of pregnancy (R30, R49).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Visit {
    /// Nothing: not individual, or no rate is by period.
    Other,
    /// An individual visit without gestational days.
    WithoutDays,
    /// An individual visit of this period, which takes its pay.
    Takes(PregnancyPeriod),
    /// An individual visit of this period, which another visit takes the pay of.
    Included(PregnancyPeriod),
}

pub(super) const BLANK: u32 = u32::MAX;

/// A view compiled for pricing.
#[derive(Clone, Debug)]
pub struct Pricer<'r> {
    pub(super) view: View<'r>,
    /// First days of the eras; the first is [`Day::MIN`].
    pub(super) eras: Vec<Day>,
    pub(super) contexts: Interner<Context>,
    /// Context by unit and era; `None` without agreement.
    pub(super) context_of: Vec<Vec<Option<u32>>>,
    pub(super) rates: Vec<CompiledRate<'r>>,
    /// Rates of contact formulas, uplifts after what they raise; tiers and ceilings apart.
    pub(super) order: Vec<usize>,
    /// Tiers and ceilings.
    pub(super) yearly: Vec<usize>,
    pays_by_period: bool,
    pub(super) elements: Vec<&'r ElementId>,
    conditions: Vec<&'r ContactCondition>,
    unit_conditions: Vec<&'r UnitCondition>,
    /// For each era, the rates of `order` that some contact can have.
    live: Vec<Vec<usize>>,
    /// For contexts and eras that were asked for, those of `live` that the context lets in.
    candidates: FastMap<(u32, u32), Vec<usize>>,
    pub(super) fields: Vec<&'r WeightField>,
    pub(super) texts: Texts,
    pub(super) payers: Vec<(Period, &'r PayerId, Option<&'r crate::fact::Residences>)>,
    pub(super) weights: Weights,
    pub(super) classes: Interner<Class>,
    /// For each class, the one its contacts have when another visit takes the pay of their period.
    included: Vec<u32>,
    class_of_profile: Vec<u32>,
    pub(super) cells: Vec<Cell>,
    /// Number of the cell by context and era, and then by class: what is asked for in a row lies together.
    cell_numbers: FastMap<(u32, u32), FastMap<u32, u32>>,
    /// The least months that an agreement lets a report come after the month of care, if any does (R13).
    pub(super) shortest_backward_months: Option<i32>,
}

/// Weights by table and code, each with its first day, in order; codes as written, and as DRGs are compared.
pub(super) type Weights = BTreeMap<String, [BTreeMap<String, Vec<(Day, Ratio)>>; 2]>;

impl<'r> Pricer<'r> {
    /// Compiles a view.
    pub fn new(view: View<'r>) -> Self {
        let known: Vec<Known<'r, Rate>> = view.rates_in_force().copied().collect();
        let elements: Vec<&ElementId> = {
            let all: BTreeSet<&ElementId> = known.iter().map(|rate| &rate.fact.element).collect();
            all.into_iter().collect()
        };
        let (conditions, condition_of) = distinct(&known, |rate| &rate.when.contact);
        let (unit_conditions, unit_condition_of) = distinct(&known, |rate| &rate.when.unit);
        let conditions_of = condition_of.into_iter().zip(unit_condition_of).collect::<Vec<_>>();
        let rates = compile_rates(&view, &known, &elements, &conditions_of);
        let fields: BTreeSet<&WeightField> =
            known.iter().flat_map(|rate| weight_fields(rate.fact)).collect();
        let payers = view.payers.values();
        let payers: Vec<_> = payers
            .map(|payer| (payer.fact.valid, &payer.fact.id, payer.fact.residence.as_ref()))
            .collect();
        let mut pricer = Self {
            eras: eras(&view, &known),
            contexts: Interner::default(),
            context_of: Vec::new(),
            order: pricing_order(&rates),
            yearly: numbers_of(&rates, Formula::is_by_year),
            pays_by_period: !numbers_of(&rates, is_per_period).is_empty(),
            rates,
            elements,
            conditions,
            unit_conditions,
            live: Vec::new(),
            candidates: FastMap::default(),
            fields: fields.into_iter().collect(),
            texts: Texts::default(),
            payers,
            weights: weights(&view),
            classes: Interner::default(),
            included: Vec::new(),
            class_of_profile: Vec::new(),
            cells: Vec::new(),
            cell_numbers: FastMap::default(),
            shortest_backward_months: view
                .agreements
                .values()
                .filter_map(|agreement| agreement.fact.backward_months)
                .min(),
            view,
        };
        pricer.compile_contexts();
        pricer.live = pricer.eras.iter().map(|day| pricer.live_on(*day)).collect();
        pricer
    }

    /// The view it was compiled from.
    pub fn view(&self) -> &View<'r> {
        &self.view
    }

    /// Rates by number, in order of id.
    pub fn rates(&self) -> &[CompiledRate<'r>] {
        &self.rates
    }

    /// A rate of a number that came from this pricer.
    pub fn rate(&self, number: usize) -> Option<&CompiledRate<'r>> {
        self.rates.get(number)
    }

    /// The marks of each element: whether one of its rates is illustrative, and whether one is unverified.
    pub fn element_marks(&self) -> BTreeMap<&'r str, Marks> {
        let mut marks: BTreeMap<&'r str, Marks> = BTreeMap::new();
        for rate in &self.rates {
            let mark = marks.entry(rate.rate().element.as_str()).or_default();
            mark.illustrative |= rate.illustrative;
            mark.unverified |= rate.unverified;
        }
        marks
    }

    /// Elements by number, in order of name.
    pub fn elements(&self) -> &[&'r ElementId] {
        &self.elements
    }

    /// The payer of a number.
    pub fn payer(&self, number: u16) -> Option<&'r PayerId> {
        self.payers.get(usize::from(number)).map(|(_, id, _)| *id)
    }

    /// The unit of a number.
    pub fn unit(&self, number: u16) -> Option<&UnitHistory<'r>> {
        self.view.histories.get(usize::from(number))
    }

    /// The era that a day is in.
    pub fn era(&self, day: Day) -> u32 {
        let after = self.eras.partition_point(|first| *first <= day);
        u32::try_from(after.saturating_sub(1)).unwrap_or(0)
    }

    /// The first day of an era.
    pub(super) fn era_start(&self, era: u32) -> Day {
        self.eras.get(era as usize).copied().unwrap_or(Day::MIN)
    }

    /// Gives every profile of `reports` its class; those that have one keep it.
    pub fn classify(&mut self, reports: &Reports) {
        for profile in reports.profiles.values().iter().skip(self.class_of_profile.len()) {
            let class = self.class(profile);
            let number = self.classes.number(&class, Class::clone);
            self.class_of_profile.push(number);
        }
        while let Some(class) =
            u32::try_from(self.included.len()).ok().and_then(|at| self.classes.value(at))
        {
            let included = match class.visit {
                Visit::Takes(period) => Class { visit: Visit::Included(period), ..class.clone() },
                _ => class.clone(),
            };
            let number = self.classes.number(&included, Class::clone);
            self.included.push(number);
        }
    }

    /// The class of a contact of `class` when another visit takes the pay of its period.
    pub(super) fn included(&self, class: u32) -> u32 {
        self.included.get(class as usize).copied().unwrap_or(class)
    }

    /// Whether a rate is by period of pregnancy.
    pub fn pays_by_period(&self) -> bool {
        self.pays_by_period
    }

    /// Whether a rate by the unit's year can apply at a unit.
    pub fn pays_by_year_at(&self, unit: u16) -> bool {
        self.yearly.iter().any(|rate| self.lets_in(*rate, unit))
    }

    /// Whether the unit condition of a rate holds at a unit on some day.
    pub(super) fn lets_in(&self, rate: usize, unit: u16) -> bool {
        let Some(rate) = self.rates.get(rate) else { return false };
        let contexts = self.context_of.get(usize::from(unit)).into_iter().flatten().flatten();
        let mut contexts = contexts.filter_map(|context| self.contexts.value(*context));
        contexts.any(|context| context.holds.get(rate.unit_condition).copied().unwrap_or(false))
    }

    /// The classes of all profiles so far.
    pub fn class_of_profile(&self) -> &[u32] {
        &self.class_of_profile
    }

    fn class(&mut self, contact: &Profile) -> Class {
        let county = self.view.county();
        let conditions = self.conditions.iter();
        let holds = conditions
            .map(|condition| failing_contact_key(condition, contact, county).is_none())
            .collect();
        let residency = Residency { residence: contact.residence.as_deref(), county };
        let payers = self.payers.iter();
        let payers = payers.map(|(_, _, who)| residency.specificity(*who).unwrap_or(0)).collect();
        let mut codes = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            codes.push(code_text(field, contact).map_or(BLANK, |text| self.texts.text(text)));
        }
        let visit = if self.pays_by_period { visit(contact) } else { Visit::Other };
        Class { holds, codes, payers, visit }
    }

    fn compile_contexts(&mut self) {
        let by_unit = self.fields.contains(&&WeightField::Unit);
        let mut context_of = Vec::with_capacity(self.view.histories.len());
        for (history, unit) in self.view.histories.iter().zip(0_u16..) {
            let changes: BTreeSet<Day> = history.changes().collect();
            let mut by_era = Vec::with_capacity(self.eras.len());
            let mut last: Option<u32> = None;
            for era in &self.eras {
                if by_era.is_empty() || changes.contains(era) {
                    let unit = by_unit.then_some(unit);
                    let context = context(&self.unit_conditions, history, unit, *era);
                    last = context.map(|context| self.contexts.number(&context, Context::clone));
                }
                by_era.push(last);
            }
            context_of.push(by_era);
        }
        self.context_of = context_of;
    }

    /// The rates of `order` that are valid on a day and not replaced by one with the same conditions.
    fn live_on(&self, day: Day) -> Vec<usize> {
        let is_live = |number: &&usize| {
            self.rates.get(**number).is_some_and(|rate| {
                let replaced = rate.suppressors.iter().filter_map(|other| self.rates.get(*other));
                rate.rate().valid.contains(day)
                    && !replaced.into_iter().any(|other| {
                        other.rate().valid.contains(day)
                            && other.contact_condition == rate.contact_condition
                            && other.unit_condition == rate.unit_condition
                    })
            })
        };
        self.order.iter().filter(is_live).copied().collect()
    }

    /// The rates that a contact in a context and era can have, in pricing order.
    pub(super) fn candidates(&self, context: u32, era: u32) -> &[usize] {
        self.candidates.get(&(context, era)).map_or(&[], Vec::as_slice)
    }

    /// Finds the candidates of a context and era, if that was not done before.
    pub(super) fn find_candidates(&mut self, context: u32, era: u32) {
        if self.candidates.contains_key(&(context, era)) {
            return;
        }
        let live = self.live.get(era as usize).map_or(&[][..], Vec::as_slice);
        let Some(holds) = self.contexts.value(context).map(|context| &context.holds) else {
            return;
        };
        let is_let_in = |number: &&usize| {
            let condition = self.rates.get(**number).map(|rate| rate.unit_condition);
            condition.and_then(|at| holds.get(at)).copied().unwrap_or(false)
        };
        let candidates = live.iter().filter(is_let_in).copied().collect();
        self.candidates.insert((context, era), candidates);
    }

    /// The cell of a contact of `profile` at `unit` in `era`, priced now if it was not before.
    pub fn cell(&mut self, unit: u16, era: u32, class: u32) -> Result<u32, TooLarge> {
        let context = self.context(unit, era);
        let place = (context.unwrap_or(u32::MAX), era);
        if let Some(number) = self.cell_numbers.get(&place).and_then(|known| known.get(&class)) {
            return Ok(*number);
        }
        if let Some(context) = context {
            self.find_candidates(context, era);
        }
        let cell = super::cell::price(self, context, era, class)?;
        let number = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
        self.cells.push(cell);
        self.cell_numbers.entry(place).or_default().insert(class, number);
        Ok(number)
    }

    pub(super) fn context(&self, unit: u16, era: u32) -> Option<u32> {
        self.context_of.get(usize::from(unit))?.get(era as usize).copied().flatten()
    }

    /// The priced cell of a number.
    pub fn priced(&self, cell: u32) -> Option<&Cell> {
        self.cells.get(cell as usize)
    }

    /// All cells priced so far.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

/// The text that a weight is looked up by; the unit's own fields are looked up in the context.
fn code_text<'p>(field: &WeightField, contact: &'p Profile) -> Option<&'p str> {
    match field {
        WeightField::Drg => contact.drg.as_deref(),
        WeightField::Kind => Some(contact.kind.name()),
        WeightField::Profession => contact.profession.as_deref(),
        WeightField::Place => contact.place.as_deref(),
        WeightField::Residence => contact.residence.as_deref(),
        WeightField::Class(name) => {
            let class = contact.classes.iter().find(|(other, _)| **other == **name);
            class.map(|(_, value)| value.as_ref())
        }
        WeightField::Unit | WeightField::AreaClass => None,
    }
}

fn weight_fields(rate: &Rate) -> &[WeightField] {
    rate.formula.weights().map_or(&[], |(_, fields)| fields)
}

/// Deliveries play no part in pregnancies (R29), but R49 asks for no kind.
pub(super) fn visit(contact: &Profile) -> Visit {
    if contact.individual != Some(true) {
        return Visit::Other;
    }
    match contact.gestational_days {
        None => Visit::WithoutDays,
        Some(_) if contact.kind == ContactKind::Delivery => Visit::Other,
        Some(days) => Visit::Takes(PregnancyPeriod::of(days)),
    }
}

fn is_per_period(formula: &Formula) -> bool {
    matches!(formula, Formula::PerPeriod { .. })
}

fn numbers_of(rates: &[CompiledRate<'_>], is_one: impl Fn(&Formula) -> bool) -> Vec<usize> {
    let numbered = rates.iter().enumerate();
    numbered.filter(|(_, rate)| is_one(&rate.rate().formula)).map(|(number, _)| number).collect()
}

/// The distinct conditions of the rates, and which of them each rate has.
fn distinct<'r, C: PartialEq>(
    known: &[Known<'r, Rate>],
    condition: impl Fn(&'r Rate) -> &'r C,
) -> (Vec<&'r C>, Vec<usize>) {
    let mut conditions: Vec<&C> = Vec::new();
    let mut condition_of = Vec::with_capacity(known.len());
    for rate in known {
        let condition = condition(rate.fact);
        let at = conditions.iter().position(|other| *other == condition);
        condition_of.push(at.unwrap_or(conditions.len()));
        if at.is_none() {
            conditions.push(condition);
        }
    }
    (conditions, condition_of)
}

fn compile_rates<'r>(
    view: &View<'r>,
    known: &[Known<'r, Rate>],
    elements: &[&ElementId],
    conditions_of: &[(usize, usize)],
) -> Vec<CompiledRate<'r>> {
    let mut suppressors: BTreeMap<&RateId, Vec<usize>> = BTreeMap::new();
    for (number, rate) in known.iter().enumerate() {
        for replaced in &rate.fact.replaces {
            suppressors.entry(replaced).or_default().push(number);
        }
    }
    let compiled = known.iter().zip(conditions_of).map(|(rate, (condition, unit_condition))| {
        let element = elements.binary_search(&&rate.fact.element).unwrap_or(0);
        let resting_on = weight_decisions(view, rate.fact);
        CompiledRate {
            known: *rate,
            element: u16::try_from(element).unwrap_or(u16::MAX),
            contact_condition: *condition,
            unit_condition: *unit_condition,
            suppressors: suppressors.get(&rate.fact.id).cloned().unwrap_or_default(),
            illustrative: rate.fact.illustrative
                || rate.decision.illustrative
                || resting_on.iter().any(|decision| decision.illustrative),
            unverified: !rate.decision.unverified.is_empty()
                || resting_on.iter().any(|decision| !decision.unverified.is_empty()),
        }
    });
    let mut compiled: Vec<CompiledRate<'r>> = compiled.collect();
    inherit_marks(&mut compiled);
    compiled
}

/// A raise bears the marks of what it raises, in as many steps as raises stand on raises.
fn inherit_marks(rates: &mut [CompiledRate<'_>]) {
    loop {
        let marked: Vec<(ElementId, bool, bool)> = rates
            .iter()
            .map(|rate| (rate.rate().element.clone(), rate.illustrative, rate.unverified))
            .collect();
        let mut has_changed = false;
        for rate in rates.iter_mut() {
            let of = rate.known.fact.formula.of();
            for (_, illustrative, unverified) in marked.iter().filter(|(e, _, _)| of.contains(e)) {
                has_changed |= *illustrative && !rate.illustrative;
                has_changed |= *unverified && !rate.unverified;
                rate.illustrative |= illustrative;
                rate.unverified |= unverified;
            }
        }
        if !has_changed {
            return;
        }
    }
}

/// The decisions that the weights, keys or plans of a rate come from; their marks are inherited.
fn weight_decisions<'r>(view: &View<'r>, rate: &Rate) -> Vec<&'r crate::fact::Decision> {
    if let Some((weights, _)) = rate.formula.weights() {
        let table = view.weights.iter().filter(|((table, _, _), _)| *table == weights);
        return table.map(|(_, weight)| weight.decision).collect();
    }
    match &rate.formula {
        Formula::Share { key, .. } => super::share::key_decisions(view, key, rate.valid),
        _ => Vec::new(),
    }
}

/// Contact formulas in an order in which every uplift comes after the elements it raises (R32).
/// A circle is a load error; its rates come last here, and raise what is already computed.
fn pricing_order(rates: &[CompiledRate<'_>]) -> Vec<usize> {
    let mut waiting =
        numbers_of(rates, |formula| formula.is_of_contacts() && !formula.is_by_year());
    let mut order = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let still: BTreeSet<&ElementId> = waiting
            .iter()
            .filter_map(|number| rates.get(*number))
            .map(|rate| &rate.rate().element)
            .collect();
        let (ready, rest): (Vec<usize>, Vec<usize>) = waiting.iter().partition(|number| {
            let rate = rates.get(**number).map(CompiledRate::rate);
            rate.is_none_or(|rate| !rate.formula.of().iter().any(|one| still.contains(one)))
        });
        if ready.is_empty() {
            order.extend(rest);
            break;
        }
        order.extend(ready);
        waiting = rest;
    }
    order
}

fn weights(view: &View<'_>) -> Weights {
    let mut weights: Weights = BTreeMap::new();
    for ((table, code, from), weight) in &view.weights {
        let normalised = crate::intake::normalise_code(code);
        let [written, of_drg] = weights.entry(table.to_string()).or_default();
        for (of_table, code) in [(written, *code), (of_drg, normalised.as_ref())] {
            of_table.entry(code.to_owned()).or_default().push((*from, weight.fact.value));
        }
    }
    for dated in weights.values_mut().flatten().flat_map(BTreeMap::values_mut) {
        dated.sort_by_key(|(from, _)| *from);
    }
    weights
}

/// Every day on which something that a price depends on changes.
fn eras(view: &View<'_>, rates: &[Known<'_, Rate>]) -> Vec<Day> {
    let mut days: BTreeSet<Day> = BTreeSet::from([Day::MIN]);
    days.extend(rates.iter().flat_map(|rate| [rate.fact.valid.from, rate.fact.valid.until]));
    days.extend(view.histories.iter().flat_map(UnitHistory::changes));
    let payers = view.payers.values();
    days.extend(payers.flat_map(|payer| [payer.fact.valid.from, payer.fact.valid.until]));
    days.extend(view.weights.keys().map(|(_, _, from)| *from));
    days.remove(&Day::MAX);
    days.into_iter().collect()
}

fn context(
    conditions: &[&UnitCondition],
    history: &UnitHistory<'_>,
    unit: Option<u16>,
    day: Day,
) -> Option<Context> {
    let agreement = history.under(day)?.agreement.fact;
    let holds = |condition: &&UnitCondition| failing_unit_key(condition, history, day).is_none();
    let area_class = history.statement(day).and_then(|statement| statement.fact.area_class.clone());
    Some(Context {
        unit,
        form: agreement.form,
        backward_months: agreement.backward_months,
        area_class,
        holds: conditions.iter().map(holds).collect(),
    })
}
