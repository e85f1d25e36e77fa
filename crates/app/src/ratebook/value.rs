//! Values of keys: texts, dates, amounts, numbers, words and lists.
//!
//! Owns: what a value may be and the message where it is not. Does not own: which key takes what.
//!
//! `amount = 14200` is refused: amounts are text with their unit, `"14 200 kr"`.

use super::sheet::{Faulty, Sheet};
use kernel::fact::{CodePattern, Residence, Residences};
use kernel::finding::{Code, Text};
use kernel::id::is_kebab;
use kernel::intake::normalise_code;
use kernel::money::{AmountError, Money, Ratio};
use kernel::time::Day;
use std::fmt::Display;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with the key it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    sheet: &'a Sheet<'a>,
    prefix: &'static str,
    key: &'static str,
    item: &'a Spanned<DeValue<'a>>,
}

impl<'a> Value<'a> {
    pub(super) fn new(
        sheet: &'a Sheet<'a>,
        prefix: &'static str,
        key: &'static str,
        item: &'a Spanned<DeValue<'a>>,
    ) -> Self {
        Self { sheet, prefix, key, item }
    }

    pub(super) fn sheet(&self) -> &'a Sheet<'a> {
        self.sheet
    }

    pub(super) fn key(&self) -> &'static str {
        self.key
    }

    pub(super) fn offset(&self) -> usize {
        self.item.span().start
    }

    fn of(&self, item: &'a Spanned<DeValue<'a>>) -> Self {
        Self { item, ..*self }
    }

    fn field(&self) -> String {
        if self.prefix.is_empty() {
            self.key.to_owned()
        } else {
            format!("{}.{}", self.prefix, self.key)
        }
    }

    /// Notes that the value has the wrong form, and what was expected.
    pub(super) fn wrong(&self, expected_sv: &str, expected_en: &str) -> Faulty {
        self.refuse(Code::BadValue, expected_sv, expected_en)
    }

    pub(super) fn refuse(&self, code: Code, expected_sv: &str, expected_en: &str) -> Faulty {
        let field = self.field();
        let written = self.sheet.written(self.item.span());
        let message = Text::new(
            format!("`{field}` är `{written}`: {expected_sv}"),
            format!("`{field}` is `{written}`: {expected_en}"),
        );
        self.sheet.refuse(code, self.offset(), Some(field), Some(written), message)
    }

    /// A text that is not blank, without the blanks around it.
    pub(super) fn text(&self) -> Result<&'a str, Faulty> {
        match self.item.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Ok(text.trim()),
            DeValue::String(_) => Err(self.wrong("texten är tom", "the text is empty")),
            _ => {
                Err(self.wrong("skriv en text inom citattecken", "write a text in quotation marks"))
            }
        }
    }

    pub(super) fn entries(&self) -> Result<&'a DeTable<'a>, Faulty> {
        match self.item.get_ref() {
            DeValue::Table(entries) => Ok(entries),
            _ => Err(self.wrong(
                "skriv en tabell, `{ nyckel = värde }`",
                "write a table, `{ key = value }`",
            )),
        }
    }

    /// Whether it is a text or a list.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.item.get_ref(), DeValue::String(_) | DeValue::Array(_))
    }

    /// The values of a list, possibly none; one value alone is a list of one.
    fn values(&self) -> Vec<Self> {
        match self.item.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| self.of(item)).collect(),
            _ => vec![*self],
        }
    }

    fn integer(&self) -> Option<i128> {
        match self.item.get_ref() {
            DeValue::Integer(integer) => {
                i128::from_str_radix(integer.as_str(), integer.radix()).ok()
            }
            _ => None,
        }
    }
}

/// Text as owned text.
pub(super) fn text(value: &Value<'_>) -> Result<String, Faulty> {
    value.text().map(str::to_owned)
}

/// A reference to an id that stands elsewhere.
pub(super) fn reference<T: for<'t> From<&'t str>>(value: &Value<'_>) -> Result<T, Faulty> {
    value.text().map(T::from)
}

/// An id that is given here: it should be kebab-case, and is used even where it is not.
pub(super) fn id<T: for<'t> From<&'t str>>(value: &Value<'_>) -> Result<T, Faulty> {
    let text = value.text()?;
    if !is_kebab(text) {
        value.sheet.bad_id(value.offset(), value.field(), text);
    }
    Ok(T::from(text))
}

/// `true` or `false`.
pub(super) fn boolean(value: &Value<'_>) -> Result<bool, Faulty> {
    match value.item.get_ref() {
        DeValue::Boolean(boolean) => Ok(*boolean),
        _ => Err(value.wrong(
            "skriv `true` eller `false` utan citattecken",
            "write `true` or `false` without quotation marks",
        )),
    }
}

/// A date without time: `2023-01-31`.
pub(super) fn date(value: &Value<'_>) -> Result<Day, Faulty> {
    let day = match value.item.get_ref() {
        DeValue::Datetime(moment) if moment.time.is_none() && moment.offset.is_none() => moment
            .date
            .and_then(|date| Day::new(date.year.into(), date.month.into(), date.day.into())),
        _ => None,
    };
    day.ok_or_else(|| {
        value.wrong(
            "skriv ett datum utan citattecken, till exempel `2023-01-31`",
            "write a date without quotation marks, such as `2023-01-31`",
        )
    })
}

/// An amount as text with its unit (R44).
pub(super) fn amount(value: &Value<'_>) -> Result<Money, Faulty> {
    let DeValue::String(text) = value.item.get_ref() else {
        return Err(value.wrong(
            "skriv beloppet som text med enhet, till exempel `\"14 200 kr\"`",
            "write the amount as text with its unit, such as `\"14 200 kr\"`",
        ));
    };
    Money::parse(text).map_err(|error| {
        let (sv, en) = amount_error(error);
        value.wrong(sv, en)
    })
}

fn amount_error(error: AmountError) -> (&'static str, &'static str) {
    match error {
        AmountError::NoUnit => (
            "beloppet saknar enhet, skriv `kr` eller `mkr` sist, till exempel `\"14 200 kr\"`",
            "the amount lacks its unit, end it with `kr` or `mkr`, such as `\"14 200 kr\"`",
        ),
        AmountError::Malformed => (
            "siffrorna ska stå i grupper om tre eller odelade, till exempel `\"14 200 kr\"`",
            "the digits stand in groups of three or undivided, such as `\"14 200 kr\"`",
        ),
        AmountError::Decimals => (
            "skriv en eller två decimaler för `kr` och högst åtta för `mkr`, efter kommatecken",
            "write one or two decimals for `kr` and at most eight for `mkr`, after a comma",
        ),
        AmountError::TooLarge => {
            ("beloppet är större än 10^14 kr", "the amount is larger than 10^14 kr")
        }
    }
}

/// A weight or a percentage as text with a point.
pub(super) fn exact_number(value: &Value<'_>) -> Result<Ratio, Faulty> {
    let number = match value.item.get_ref() {
        DeValue::String(text) => Ratio::parse(text.trim()),
        _ => None,
    };
    number.ok_or_else(|| {
        value.wrong(
            "skriv talet som text med punkt och högst nio decimaler, till exempel `\"0.8123\"`",
            "write the number as text with a point and at most nine decimals, such as `\"0.8123\"`",
        )
    })
}

/// A whole number from 0.
pub(super) fn count(value: &Value<'_>) -> Result<u64, Faulty> {
    whole(value, "skriv ett heltal från 0", "write a whole number from 0")
}

/// A whole number between two, inclusive.
pub(super) fn whole_between(least: u32, most: u32) -> impl Fn(&Value<'_>) -> Result<u32, Faulty> {
    move |value| {
        let number = value.integer().and_then(|number| u32::try_from(number).ok());
        number.filter(|number| (least..=most).contains(number)).ok_or_else(|| {
            value.wrong(
                &format!("skriv ett heltal från {least} till {most}"),
                &format!("write a whole number from {least} to {most}"),
            )
        })
    }
}

/// A whole number from 0 that is compared with a contact's.
pub(super) fn small_count(value: &Value<'_>) -> Result<i32, Faulty> {
    let number = whole(value, "skriv ett heltal från 0", "write a whole number from 0")?;
    i32::try_from(number).map_err(|_| value.wrong("talet är för stort", "the number is too large"))
}

/// A calendar year, 1–9999.
pub(super) fn year(value: &Value<'_>) -> Result<i32, Faulty> {
    let number = value.integer().filter(|number| (1..=9999).contains(number));
    let year = number.and_then(|number| i32::try_from(number).ok());
    year.ok_or_else(|| {
        value.wrong("skriv ett årtal, till exempel `2023`", "write a year, such as `2023`")
    })
}

fn whole(value: &Value<'_>, sv: &str, en: &str) -> Result<u64, Faulty> {
    let number = value.integer().and_then(|number| u64::try_from(number).ok());
    number.ok_or_else(|| value.wrong(sv, en))
}

/// One number, or the first and last of a range.
pub(super) fn range(value: &Value<'_>) -> Result<(i32, i32), Faulty> {
    let expected =
        ("skriv ett heltal eller `[från, till]`", "write a whole number or `[from, to]`");
    let numbers = match value.values().as_slice() {
        [only] if value.integer().is_some() => [small_count(only)?; 2],
        [from, to] => [small_count(from)?, small_count(to)?],
        _ => return Err(value.wrong(expected.0, expected.1)),
    };
    let [from, to] = numbers;
    if from > to {
        return Err(value.wrong("`från` är större än `till`", "`from` is greater than `to`"));
    }
    Ok((from, to))
}

/// One of the words of an enum.
pub(super) fn word<T: Copy + Display>(
    all: &'static [T],
) -> impl Fn(&Value<'_>) -> Result<T, Faulty> {
    move |value| {
        let text = value.text()?;
        let found = all.iter().find(|word| word.to_string() == text);
        found.copied().ok_or_else(|| {
            let names: Vec<String> = all.iter().map(ToString::to_string).collect();
            not_among(value, &names.iter().map(String::as_str).collect::<Vec<_>>())
        })
    }
}

/// Notes that the value is none of the allowed words.
pub(super) fn not_among(value: &Value<'_>, names: &[&str]) -> Faulty {
    let names = names.join(", ");
    value.wrong(&format!("tillåtna är {names}"), &format!("allowed are {names}"))
}

/// A value or a list of at least one, each read by `read`.
pub(super) fn some<T>(
    read: impl Fn(&Value<'_>) -> Result<T, Faulty>,
) -> impl Fn(&Value<'_>) -> Result<Vec<T>, Faulty> {
    move |value| {
        let values = value.values();
        if values.is_empty() {
            return Err(value.wrong(
                "listan är tom; skriv minst ett värde eller ta bort nyckeln",
                "the list is empty; write at least one value or leave the key out",
            ));
        }
        each(&values, &read)
    }
}

/// A value or a list, where the empty list plainly means none.
pub(super) fn any<T>(
    read: impl Fn(&Value<'_>) -> Result<T, Faulty>,
) -> impl Fn(&Value<'_>) -> Result<Vec<T>, Faulty> {
    move |value| each(&value.values(), &read)
}

/// Reads all before it gives up, so that every fault is told at once.
fn each<T>(
    values: &[Value<'_>],
    read: impl Fn(&Value<'_>) -> Result<T, Faulty>,
) -> Result<Vec<T>, Faulty> {
    let read: Vec<Result<T, Faulty>> = values.iter().map(read).collect();
    read.into_iter().collect()
}

/// A code, exact or with `*` last, upper case without dots (R25).
pub(super) fn code_pattern(value: &Value<'_>) -> Result<CodePattern, Faulty> {
    let text = value.text()?;
    let (code, prefix) = match text.strip_suffix('*') {
        Some(code) => (code, true),
        None => (text, false),
    };
    if code.contains('*') || code.contains(char::is_whitespace) || (code.is_empty() && !prefix) {
        return Err(value.wrong(
            "skriv en kod, eller början av en kod med `*` sist, till exempel `P05*`",
            "write a code, or the beginning of one with `*` last, such as `P05*`",
        ));
    }
    let code = normalise_code(code).to_string();
    Ok(if prefix { CodePattern::Prefix(code) } else { CodePattern::Exact(code) })
}

/// One or more residences: four digits, two for a county, `out-of-county`, a word; `!` excludes.
pub(super) fn residences(value: &Value<'_>) -> Result<Residences, Faulty> {
    let mut residences = Residences::default();
    for (excluded, residence) in some(residence)(value)? {
        let list = if excluded { &mut residences.not } else { &mut residences.plain };
        list.push(residence);
    }
    Ok(residences)
}

fn residence(value: &Value<'_>) -> Result<(bool, Residence), Faulty> {
    let text = value.text()?;
    let (excluded, text) = match text.strip_prefix('!') {
        Some(rest) => (true, rest.trim()),
        None => (false, text),
    };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let residence = match (digits, text.len()) {
        (true, 4) => Residence::Exact(text.to_owned()),
        (true, 2) => Residence::County(text.to_owned()),
        (false, _) if text == "out-of-county" => Residence::OutOfCounty,
        (false, _) if !text.contains(['!', ',', ' ']) => Residence::Exact(text.to_owned()),
        _ => {
            return Err(value.wrong(
                "skriv fyra siffror, två för ett län, `out-of-county` eller ett ord; `!` först utesluter",
                "write four digits, two for a county, `out-of-county` or a word; `!` first excludes",
            ));
        }
    };
    Ok((excluded, residence))
}
