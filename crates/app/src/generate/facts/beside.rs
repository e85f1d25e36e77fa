//! What is beside contacts (all assumed: no public figure says it for the region).
//!
//! Owns: shares, durations and weights. Does not own: what is planted at fictive units (`planted`).

/// Mean and spread of the active phase of first-time mothers and of others, in minutes.
pub const ACTIVE_MINUTES: [(f64, f64); 2] = [(400.0, 150.0), (210.0, 80.0)];
/// The shortest active phase, in minutes.
pub const SHORTEST: i64 = 20;
/// The longest.
pub const LONGEST: i64 = 1_400;
/// Acute caesareans after a labour that was begun.
pub const INDUCED_ACUTE: f64 = 0.35;
/// Births that nobody could assist.
pub const UNASSISTED: f64 = 0.006;
/// Births whose active phase nobody wrote down the start of.
pub const NO_ACTIVE_FROM: f64 = 0.03;
/// Births without any stretch of a midwife written down.
pub const NO_STAFFING: f64 = 0.02;
/// Parts of a labour, shift by shift, when the midwife is taken who has another woman already.
pub const SHARED: f64 = 0.22;
/// Parts of a labour that begin 5–40 minutes before the midwife comes.
pub const HAND_OVER_GAP: f64 = 0.10;

/// Apgar below 7 at five minutes.
pub const LOW_APGAR: f64 = 0.012;
/// Apgar 7, 8, 9 and 10 of the others, per cent.
pub const APGAR: [u32; 4] = [1, 4, 25, 70];
/// Cephalic, breech and transverse, in vaginal births and in caesareans, per mille.
pub const PRESENTATION: [[u32; 3]; 2] = [[994, 6, 0], [840, 150, 10]];
/// Earlier caesarean of those who have given birth, at other births and at planned caesareans.
pub const PREVIOUS_CAESAREAN: [f64; 2] = [0.10, 0.60];
/// Born in Sweden, elsewhere in Europe, outside Europe, per cent.
pub const COUNTRY_GROUP: [u32; 3] = [70, 10, 20];
/// Compulsory school, secondary school, more, per cent.
pub const EDUCATION: [u32; 3] = [9, 36, 55];
/// Of those born outside Europe, who need an interpreter.
pub const INTERPRETER: f64 = 0.22;

/// EPDS of 12 or more.
pub const EPDS_POSITIVE: f64 = 0.11;
/// Who answer it.
pub const EPDS_ANSWERED: f64 = 0.85;
/// Breastfeeding at four weeks: none, partial, exclusive, per cent.
pub const BREASTFEEDING: [u32; 3] = [14, 22, 64];
/// Who are asked.
pub const BREASTFEEDING_ANSWERED: f64 = 0.80;
/// Experience of 4 or less.
pub const NEGATIVE_EXPERIENCE: f64 = 0.08;
/// Who say it.
pub const EXPERIENCE_ANSWERED: f64 = 0.70;

/// Who answer the survey.
pub const SURVEY_ANSWERED: f64 = 0.52;
/// Its questions, and who say yes.
pub const SURVEY: [(&str, f64); 3] =
    [("delaktig", 0.86), ("samma-barnmorska", 0.71), ("trygg", 0.90)];
