//! FHIR R4 MeasureReports of a year's indicators, in a Bundle.
//!
//! Owns: their form. Does not own: what may be told; a withheld value has its reason as `dataAbsentReason` and no counts.

use crate::failure::Failure;
use crate::followed::{Row, words};
use follow::outcome::{Value, Why};
use kernel::fact::Direction;
use kernel::time::Day;
use serde_json::{Value as Json, json};

/// Where our measures are named; a name, no address that answers.
const MEASURE: &str = "urn:vardkedja:indicator:";

/// The bundle.
pub(super) fn bundle(
    rows: &[Row<'_>],
    whose: &str,
    (year, known_on): (i32, Day),
    is_synthetic: bool,
) -> Result<Vec<u8>, Failure> {
    let entries: Vec<Json> = rows
        .iter()
        .map(|row| {
            let resource = report(row, whose, (year, known_on), is_synthetic);
            json!({ "fullUrl": format!("{MEASURE}{}:{year}", row.defined.indicator.fact.id), "resource": resource })
        })
        .collect();
    let mut bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
    if is_synthetic {
        mark(&mut bundle);
    }
    let mut bytes = serde_json::to_vec_pretty(&bundle).map_err(std::io::Error::other)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// HL7's own code for data that is not real.
fn mark(resource: &mut Json) {
    resource["meta"] = json!({ "tag": [{
        "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
        "code": "HTEST",
        "display": "SYNTETISKA DATA (synthetic data)",
    }] });
}

fn report(row: &Row<'_>, whose: &str, (year, known_on): (i32, Day), is_synthetic: bool) -> Json {
    let indicator = row.defined.indicator.fact;
    let mut report = json!({
        "resourceType": "MeasureReport",
        "status": "complete",
        "type": "summary",
        "measure": format!("{MEASURE}{}|{}", indicator.id, indicator.valid.from),
        "date": row.as_published.unwrap_or(known_on).to_string(),
        "reporter": { "display": whose },
        "period": { "start": format!("{year}-01-01"), "end": format!("{year}-12-31") },
        "group": [group(row)],
    });
    if let Some(improvement) = improvement(indicator.direction) {
        report["improvementNotation"] = coded(
            "http://terminology.hl7.org/CodeSystem/measure-improvement-notation",
            improvement,
        );
    }
    if is_synthetic {
        mark(&mut report);
    }
    report
}

fn improvement(direction: Direction) -> Option<&'static str> {
    match direction {
        Direction::Lower => Some("decrease"),
        Direction::Higher => Some("increase"),
        Direction::Neither => None,
    }
}

fn coded(system: &str, code: &str) -> Json {
    json!({ "coding": [{ "system": system, "code": code }] })
}

fn group(row: &Row<'_>) -> Json {
    let population = |code: &str, count: u64| {
        let system = "http://terminology.hl7.org/CodeSystem/measure-population";
        json!({ "code": coded(system, code), "count": count })
    };
    let score = |value: f64, unit: &str| json!({ "value": rounded(value), "unit": unit });
    match &row.value {
        Value::Share { count, of, .. } => json!({
            "population": [population("denominator", *of), population("numerator", *count)],
            "measureScore": score(*count as f64 / *of as f64 * 100.0, "%"),
        }),
        Value::Number { of, value, .. } => json!({
            "population": [population("measure-population", *of)],
            "measureScore": {
                "value": rounded(words::scaled(&row.defined.indicator.fact.gives, *value)),
            },
        }),
        Value::Withheld(why) => json!({
            "measureScore": { "extension": [{
                "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                "valueCode": absent(*why),
            }] },
        }),
    }
}

fn absent(why: Why) -> &'static str {
    match why {
        Why::Nobody => "not-applicable",
        Why::TooLittleReported | Why::NoPlan | Why::NotAsPublished => "unknown",
        Why::TooFew => "masked",
    }
}

/// Four decimals, as a number that JSON writes shortly.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
