//! The description of the API in OpenAPI 3.1, made from the list of addresses and the structs that write the JSON.

use super::{Answered, ENDPOINTS, Endpoint, Form, Sent};
use crate::engine::YEARS;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The description.
pub fn description() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        // What holds others of its own kind cannot be inlined.
        settings.definitions_path = "/components/schemas".into();
    });
    // What is left out where it is empty need not be in an answer.
    let mut answers = settings.clone().for_serialize().into_generator();
    let mut bodies = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in ENDPOINTS {
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        let method = if endpoint.does { "post" } else { "get" };
        if let Some(path) = path.as_object_mut() {
            path.insert(method.to_owned(), operation(endpoint, &mut answers, &mut bodies));
        }
    }
    let mut schemas = answers.take_definitions(true);
    schemas.extend(bodies.take_definitions(true));
    schemas.insert("Problem".to_owned(), problem());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Vårdkedja",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Reimbursement of care in the chain of pregnancy, birth and postnatal care. Amounts are whole öre. The JSON is that of the commands.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
        },
        "security": [{"session": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas
        }
    })
}

fn operation(
    endpoint: &Endpoint,
    answers: &mut schemars::SchemaGenerator,
    bodies: &mut schemars::SchemaGenerator,
) -> Value {
    let mut parameters = Vec::new();
    for part in
        endpoint.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    {
        parameters.push(
            json!({"name": part, "in": "path", "required": true, "schema": part_schema(part)}),
        );
    }
    for field in endpoint.fields {
        let schema = match field.form {
            Form::Day => json!({"type": "string", "format": "date"}),
            Form::Text => json!({"type": "string", "pattern": "\\S"}),
            Form::OneOf(words) => json!({"type": "string", "enum": words()}),
            Form::Year => {
                json!({"type": "integer", "minimum": YEARS.start(), "maximum": YEARS.end()})
            }
            Form::Cursor => json!({"type": "string", "pattern": "^[0-9]{1,9}$"}),
            Form::Count => json!({"type": "integer", "minimum": 1, "maximum": 4_294_967_295_u32}),
        };
        parameters.push(json!({"name": field.name, "in": "query", "required": field.is_required, "schema": schema}));
    }
    if endpoint.does {
        parameters.push(json!({"name": "Idempotency-Key", "in": "header", "required": false, "schema": {"type": "string"}}));
        parameters.push(json!({"name": "If-Match", "in": "header", "required": false, "schema": {"type": "string"}}));
    }
    let content = match &endpoint.answer {
        Answered::Json(schema) => {
            let schema = schema(answers).to_value();
            let mut content = json!({"application/json": {"schema": schema}});
            if endpoint.path.ends_with("/lines") {
                content["application/x-ndjson"] = json!({"schema": {"type": "string"}});
            }
            content
        }
        Answered::File(media) => {
            json!({*media: {"schema": {"type": "string", "format": "binary"}}})
        }
    };
    let mut responses = json!({"200": {"description": "Done.", "content": content}});
    for (status, about) in [
        ("400", "Something in the request cannot be read."),
        ("401", "Not logged in."),
        ("403", "Not allowed to the role."),
        ("404", "It is not there, or not for those who ask."),
        ("408", "It stopped on the way."),
        ("409", "Refused; nothing was changed."),
        ("412", "Something was added since the state of If-Match."),
        ("413", "Too large."),
        ("503", "Not ready."),
    ] {
        responses[status] = json!({
            "description": about,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        });
    }
    let name = endpoint.path.trim_start_matches("/api/v1/").replace(['/', '{', '}', '.'], "-");
    let verb = if endpoint.does { "do" } else { "see" };
    let mut operation = json!({
        "operationId": format!("{verb}-{name}"),
        "summary": endpoint.summary,
        "parameters": parameters,
        "responses": responses,
    });
    let body = match &endpoint.body {
        Sent::Nothing => None,
        Sent::Json(schema) => {
            Some(json!({"application/json": {"schema": schema(bodies).to_value()}}))
        }
        Sent::File => Some(
            json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}),
        ),
        Sent::Text => Some(json!({"text/plain": {"schema": {"type": "string"}}})),
    };
    if let Some(content) = body {
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    operation
}

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "findings"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "findings": {"type": "array", "items": {"type": "string"}}
        }
    })
}

/// What a named part of a path may be.
fn part_schema(part: &str) -> Value {
    match part {
        "month" => json!({"type": "string", "pattern": super::MONTH}),
        "period" => json!({"type": "string", "pattern": super::PERIOD}),
        "proposal" => json!({"type": "integer", "minimum": 1}),
        _ => json!({"type": "string", "minLength": 1}),
    }
}
