//! An identity service for tests: a real HTTP server on this machine that issues signed tokens.
//!
//! Owns: discovery, keys, the log-in of a made-up person, and codes that are good once and only with their verifier. It checks the
//! client as a real one does; what a test wants wrong, it asks for.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as URL};
use p256::ecdsa::signature::Signer;
use rsa::signature::{SignatureEncoding, Signer as _};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

pub const CLIENT: &str = "vardkedja";
pub const SECRET: &str = "not a secret at all";

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    #[default]
    None,
    /// The nonce of another log-in.
    Nonce,
    /// For another client.
    Audience,
    /// For another client too.
    TwoAudiences,
    /// Its time is over.
    Expired,
    /// Of another service.
    Issuer,
    /// Signed with a key that is not the service's, under the name of one that is.
    Key,
    /// Changed after it was signed.
    Changed,
    /// Not signed.
    Unsigned,
    /// Signed with the secret of the client, which is no signature of the service.
    Symmetric,
}

/// Who logs in at the service.
#[derive(Clone, Default)]
pub struct Person {
    pub claims: Value,
    pub fault: Fault,
    /// Signed with ES256 in place of RS256.
    pub is_elliptic: bool,
}

struct Code {
    person: Person,
    nonce: String,
    challenge: String,
    redirect: String,
}

struct Keys {
    rsa: rsa::pkcs1v15::SigningKey<Sha256>,
    public: rsa::RsaPublicKey,
    elliptic: p256::ecdsa::SigningKey,
    other: p256::ecdsa::SigningKey,
}

/// The service.
pub struct Provider {
    pub issuer: String,
    codes: Arc<Mutex<HashMap<String, Code>>>,
}

fn query(text: &str) -> HashMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let pair = std::str::from_utf8(&rest[..2]).expect("two digits");
                bytes.push(u8::from_str_radix(pair, 16).expect("hexadecimal"));
                rest = &rest[2..];
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).expect("a text")
}

impl Provider {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let codes = Arc::new(Mutex::new(HashMap::new()));
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).expect("a key");
        let elliptic = |byte| p256::ecdsa::SigningKey::from_slice(&[byte; 32]).expect("a key");
        let keys = Arc::new(Keys {
            public: key.to_public_key(),
            rsa: rsa::pkcs1v15::SigningKey::new(key),
            elliptic: elliptic(7),
            other: elliptic(8),
        });
        let (own, all) = (issuer.clone(), Arc::clone(&codes));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (own, all, keys) = (own.clone(), Arc::clone(&all), Arc::clone(&keys));
                std::thread::spawn(move || answer(stream, &own, &all, &keys));
            }
        });
        Self { issuer, codes }
    }

    /// Somebody logs in at the address where the workplace sent them; where their browser is sent back to.
    pub fn log_in(&self, address: &str, person: &Person) -> String {
        let (path, fields) = address.split_once('?').expect("fields");
        assert_eq!(path, format!("{}/authorize", self.issuer));
        let fields = query(fields);
        assert_eq!(fields["response_type"], "code");
        assert_eq!(fields["client_id"], CLIENT);
        assert_eq!(fields["code_challenge_method"], "S256");
        assert!(fields["scope"].split(' ').any(|scope| scope == "openid"), "{}", fields["scope"]);
        assert!(fields["state"].len() >= 20 && fields["nonce"].len() >= 20);
        let mut codes = self.codes.lock().expect("codes");
        let code = format!("code-{}", codes.len() + 1);
        codes.insert(
            code.clone(),
            Code {
                person: person.clone(),
                nonce: fields["nonce"].clone(),
                challenge: fields["code_challenge"].clone(),
                redirect: fields["redirect_uri"].clone(),
            },
        );
        let back = fields["redirect_uri"].splitn(4, '/').nth(3).expect("a path");
        format!("/{back}?code={code}&state={}", fields["state"])
    }
}

fn answer(mut stream: TcpStream, issuer: &str, codes: &Mutex<HashMap<String, Code>>, keys: &Keys) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    let (mut first, mut authorization, mut length) = (String::new(), String::new(), 0);
    reader.read_line(&mut first).expect("a request");
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) < 3 {
            break;
        }
        let Some((name, value)) = line.trim().split_once(": ") else { continue };
        match name.to_lowercase().as_str() {
            "authorization" => value.clone_into(&mut authorization),
            "content-length" => length = value.parse().expect("a length"),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    let body = String::from_utf8(body).expect("a text");
    let (status, json) = match first.split(' ').nth(1).unwrap_or("") {
        "/.well-known/openid-configuration" => (200, description(issuer)),
        "/keys" => (200, published(keys)),
        "/token" => match token(&body, &authorization, issuer, codes, keys) {
            Ok(answer) => (200, answer),
            Err(why) => (400, json!({"error": why})),
        },
        _ => (404, json!({})),
    };
    let text = json.to_string();
    let _gone = write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    );
}

fn description(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "end_session_endpoint": format!("{issuer}/leave"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256"],
    })
}

fn published(keys: &Keys) -> Value {
    let point = keys.elliptic.verifying_key().to_sec1_point(false);
    json!({"keys": [
        {
            "kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256",
            "n": URL.encode(keys.public.n().to_bytes_be()),
            "e": URL.encode(keys.public.e().to_bytes_be()),
        },
        {
            "kty": "EC", "kid": "two", "use": "sig", "alg": "ES256", "crv": "P-256",
            "x": URL.encode(point.x().expect("x")),
            "y": URL.encode(point.y().expect("y")),
        },
    ]})
}

/// The token of a code, as RFC 6749 and RFC 7636 have it.
fn token(
    body: &str,
    authorization: &str,
    issuer: &str,
    codes: &Mutex<HashMap<String, Code>>,
    keys: &Keys,
) -> Result<Value, &'static str> {
    let fields = query(body);
    let given = authorization.strip_prefix("Basic ").ok_or("invalid_client")?;
    let given = STANDARD.decode(given).map_err(|_| "invalid_client")?;
    let given = String::from_utf8(given).map_err(|_| "invalid_client")?;
    let (id, secret) = given.split_once(':').ok_or("invalid_client")?;
    if id != CLIENT || decoded(secret) != SECRET {
        return Err("invalid_client");
    }
    let code = codes.lock().expect("codes").get_mut(&fields["code"]).map(|code| {
        let known = (code.challenge.clone(), code.redirect.clone());
        code.challenge.clear();
        (known, code.person.clone(), code.nonce.clone())
    });
    let ((challenge, redirect), person, nonce) = code.ok_or("invalid_grant")?;
    let verifier = Sha256::digest(fields["code_verifier"].as_bytes());
    if challenge != URL.encode(verifier) || redirect != fields["redirect_uri"] {
        return Err("invalid_grant");
    }
    let id_token = signed(&person, &nonce, issuer, keys);
    Ok(json!({
        "access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": id_token,
    }))
}

fn signed(person: &Person, nonce: &str, issuer: &str, keys: &Keys) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs();
    let fault = person.fault;
    let mut claims = json!({
        "iss": if fault == Fault::Issuer { "http://127.0.0.1:1" } else { issuer },
        "aud": match fault {
            Fault::Audience => json!("another"),
            Fault::TwoAudiences => json!([CLIENT, "another"]),
            _ => json!(CLIENT),
        },
        "iat": now - 400,
        "exp": if fault == Fault::Expired { now - 100 } else { now + 100 },
        "nonce": if fault == Fault::Nonce { "another" } else { nonce },
    });
    let given = person.claims.as_object().expect("claims").clone();
    claims.as_object_mut().expect("claims").extend(given);
    let is_elliptic = person.is_elliptic || fault == Fault::Key;
    let (algorithm, key) = match fault {
        Fault::Unsigned => ("none", "one"),
        Fault::Symmetric => ("HS256", "one"),
        _ if is_elliptic => ("ES256", "two"),
        _ => ("RS256", "one"),
    };
    let part = |json: &Value| URL.encode(json.to_string());
    let head = part(&json!({"alg": algorithm, "kid": key, "typ": "JWT"}));
    let text = format!("{head}.{}", part(&claims));
    let elliptic = |key: &p256::ecdsa::SigningKey| {
        let signature: p256::ecdsa::Signature = key.sign(text.as_bytes());
        signature.to_bytes().to_vec()
    };
    let signature = match fault {
        Fault::Unsigned => Vec::new(),
        Fault::Symmetric => keyed(SECRET.as_bytes(), text.as_bytes()),
        Fault::Key => elliptic(&keys.other),
        _ if is_elliptic => elliptic(&keys.elliptic),
        _ => keys.rsa.sign(text.as_bytes()).to_vec(),
    };
    if fault == Fault::Changed {
        claims["groups"] = json!(["vk-administrators"]);
        return format!("{head}.{}.{}", part(&claims), URL.encode(signature));
    }
    format!("{text}.{}", URL.encode(signature))
}

/// HMAC-SHA-256 of a key shorter than a block.
fn keyed(key: &[u8], text: &[u8]) -> Vec<u8> {
    let pad = |byte: u8| {
        let key = key.iter().copied().chain(std::iter::repeat(0)).take(64);
        key.map(|one| one ^ byte).collect::<Vec<u8>>()
    };
    let inner = Sha256::digest([pad(0x36).as_slice(), text].concat());
    Sha256::digest([pad(0x5c).as_slice(), inner.as_slice()].concat()).to_vec()
}
