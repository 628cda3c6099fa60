//! What the scores of a driver amount to.

use super::scores::Score;
use super::terms::INTERVALS;

/// What a test of a quantity said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Better than the best rival beyond the error, and its 95 % interval holds 90 % of outcomes or more.
    Good,
    /// Neither: the data cannot decide.
    Undecided,
    /// Worse than the best rival beyond the error, or its 95 % interval holds less than 90 % beyond the error.
    LittleSkill,
    /// Nothing was scored.
    Untested,
}

/// A grade, with what led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The grade.
    pub grade: Grade,
    /// Worse than the best rival, beyond the error.
    pub worse: bool,
    /// Intervals too narrow, beyond the error.
    pub narrow: bool,
    /// Number of forecasts that it rests on.
    pub forecasts: usize,
}

/// A 95 % interval ought to hold this much at least.
const HOLDS: f64 = 0.90;

impl Verdict {
    /// Of what was not scored.
    pub const UNTESTED: Self = Self { grade: Grade::Untested, worse: false, narrow: false, forecasts: 0 };

    /// Of scores.
    pub fn of(score: &Score) -> Self {
        let (Some(gain), Some(inside)) = (score.gain, score.inside_95) else {
            return Self { grade: Grade::Undecided, forecasts: score.forecasts, ..Self::UNTESTED };
        };
        let (worse, narrow) = (gain.high < 0.0, inside.high < HOLDS);
        let holds = score.model().coverage[INTERVALS.len() - 1] >= HOLDS;
        let grade = match () {
            () if worse || narrow => Grade::LittleSkill,
            () if gain.low > 0.0 && holds => Grade::Good,
            () => Grade::Undecided,
        };
        Self { grade, worse, narrow, forecasts: score.forecasts }
    }
}

/// The tested ones of some quantities (places in the verdicts) by grade, best first.
pub fn by_grade(verdicts: &[Verdict], quantities: &[usize]) -> Vec<(Grade, Vec<usize>)> {
    let of =
        |grade: Grade| quantities.iter().copied().filter(|q| verdicts[*q].grade == grade).collect::<Vec<_>>();
    let grades = [Grade::Good, Grade::Undecided, Grade::LittleSkill].map(|grade| (grade, of(grade)));
    grades.into_iter().filter(|(_, quantities)| !quantities.is_empty()).collect()
}

impl Grade {
    /// Key of its name in the texts.
    pub fn key(self) -> &'static str {
        match self {
            Self::Good => "grade.good",
            Self::Undecided => "grade.undecided",
            Self::LittleSkill => "grade.little_skill",
            Self::Untested => "grade.untested",
        }
    }

    /// Identifier.
    pub fn id(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Undecided => "undecided",
            Self::LittleSkill => "little_skill",
            Self::Untested => "untested",
        }
    }
}
