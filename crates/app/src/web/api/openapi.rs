//! The description of the API in OpenAPI 3.1, made from the list of addresses and the structs that write the JSON.

use super::{Answered, ENDPOINTS, Endpoint, Form, Sent};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The description.
pub fn description() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in ENDPOINTS {
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        let method = if endpoint.does { "post" } else { "get" };
        if let Some(path) = path.as_object_mut() {
            path.insert(method.to_owned(), operation(endpoint, &mut generator));
        }
    }
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
            "schemas": {"Problem": problem()}
        }
    })
}

fn operation(endpoint: &Endpoint, generator: &mut schemars::SchemaGenerator) -> Value {
    let mut parameters = Vec::new();
    for part in
        endpoint.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    {
        parameters.push(json!({"name": part, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}));
    }
    for field in endpoint.fields {
        let schema = match field.form {
            Form::Day => json!({"type": "string", "format": "date"}),
            Form::Text => json!({"type": "string"}),
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
            let schema = schema(generator).to_value();
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
            Some(json!({"application/json": {"schema": schema(generator).to_value()}}))
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
