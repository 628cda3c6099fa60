//! Findings in words: ids as they stand in files, or names and sentences in the reader's language.

use crate::assess::{Finding, Phrase, Variant};
use crate::case::Case;
use crate::report::citation::citation;
use crate::report::names::Names;
use crate::text::Text;

/// Puts findings into words.
pub(crate) struct Words<'a> {
    pub(crate) case: &'a Case,
    pub(crate) text: &'a Text,
    /// True for files: towns, classes, scenarios and drivers stay ids, places of the source as they are.
    pub(crate) ids: bool,
}

impl Words<'_> {
    /// The id in files, its name elsewhere.
    fn name<'a>(&'a self, id: &'a str, name: impl Fn(Names<'a>, &'a str) -> &'a str) -> String {
        let names = Names { case: self.case, text: self.text };
        if self.ids { id } else { name(names, id) }.to_owned()
    }

    /// A town, or the region.
    pub(crate) fn town(&self, id: &str) -> String {
        self.name(id, |names, id| names.town(id))
    }

    pub(super) fn class(&self, id: &str) -> String {
        self.name(id, |names, id| names.class(id))
    }

    pub(super) fn scenario(&self, id: &str) -> String {
        self.name(id, |names, id| names.scenario(id))
    }

    /// A driver, an indicator of the panel or a count of persons; symbols stand for themselves.
    fn quantity(&self, id: &str) -> String {
        self.name(id, |names, id| names.quantity(id))
    }

    fn sub_indicator(&self, symbol: &str) -> &str {
        let known = self.case.method.sub_indicators.iter().find(|s| s.symbol == symbol);
        known.map_or("", |s| self.text.name(&s.label))
    }

    fn cited(&self, source: &str) -> String {
        if self.ids { source.to_owned() } else { citation(self.text, self.case, source) }
    }

    /// What a finding is about.
    pub(crate) fn item(&self, finding: &Finding) -> String {
        let item = finding.item.as_str();
        if self.ids {
            return item.to_owned();
        }
        let fill = |key: &str, name: &str| self.text.fill(key, &[("name", name)]);
        if let Some(rest) = item.strip_prefix("growth.") {
            return fill("item.growth", &self.quantity(rest));
        }
        if let Some(rest) = item.strip_prefix("change.") {
            return fill("item.change", &self.quantity(rest));
        }
        if let Some(rest) = item.strip_prefix("class.") {
            return fill("item.class", rest);
        }
        if let Some((symbol, level)) = item.strip_prefix("scale.").and_then(|rest| rest.split_once('.')) {
            return fill("item.scale", &format!("{symbol}, {}", self.class(level)));
        }
        match item {
            "votes" => self.text.get("item.votes").to_owned(),
            "recommended" => self.text.get("item.recommended").to_owned(),
            other => self.quantity(other),
        }
    }

    /// The notes on a finding.
    pub(crate) fn notes(&self, finding: &Finding) -> String {
        finding.notes.iter().map(|note| self.say(note)).collect::<Vec<_>>().join("; ")
    }

    /// A number as the language writes it; anything else as it is.
    fn number(&self, plain: &str) -> String {
        let decimals = plain.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        match plain.parse::<f64>() {
            Ok(x) if !self.ids && x.is_finite() => self.text.number(x, decimals),
            _ => plain.to_owned(),
        }
    }

    /// A phrase in words.
    pub(crate) fn say(&self, phrase: &Phrase) -> String {
        let get = |key: &str| self.text.get(key).to_owned();
        let value = |key: &str, x: &str| self.text.fill(key, &[("value", self.number(x))]);
        let at = |what: &str, source: &str| {
            self.text.fill("said.at", &[("value", self.number(what)), ("source", self.cited(source))])
        };
        let defined = |key: &str, symbol: &str| {
            self.text.fill(key, &[("symbol", symbol), ("label", self.sub_indicator(symbol))])
        };
        match phrase {
            Phrase::Plain(what) => self.number(what),
            Phrase::Percent(x) => value("said.percent", x),
            Phrase::Cited(sources) => {
                self.text.list(&sources.iter().map(|s| self.cited(s)).collect::<Vec<_>>())
            }
            Phrase::At(what, source) => at(what, source),
            Phrase::Class(id) => self.class(id),
            Phrase::Scenarios(ids) => ids.iter().map(|id| self.scenario(id)).collect::<Vec<_>>().join(" + "),
            Phrase::VotesOf(votes) => {
                votes.iter().map(|(s, n)| format!("{} {n}", self.scenario(s))).collect::<Vec<_>>().join(", ")
            }
            Phrase::Sign(id) | Phrase::Change(id) => self.stated(id),
            Phrase::ChangedBy(x) => value("said.changed_by", x),
            Phrase::Named(en) => {
                let known = self.case.method.composites.iter().find(|c| !self.ids && c.label.en == *en);
                known.map_or(en.as_str(), |c| self.text.name(&c.label)).to_owned()
            }
            Phrase::Above(bound) => value("said.above", bound),
            Phrase::SubIndicator(symbol) => defined("said.sub_indicator", symbol),
            Phrase::DefinitionOf(symbol) => defined("said.definition_of", symbol),
            Phrase::Variant(variant) => self.variant(*variant),
            Phrase::PrintedFormula(formula, source) => {
                let values = [("formula", formula.clone()), ("place", self.cited(source))];
                self.text.fill("said.printed_formula", &values)
            }
            Phrase::OnScale(origins) => self.on_scale(origins),
            Phrase::Regional(own, source, total, town) => {
                let values = [
                    ("own", self.number(own)),
                    ("source", self.say(source)),
                    ("total", self.number(total)),
                    ("town", self.town(town)),
                ];
                self.text.fill("said.regional", &values)
            }
            Phrase::BaseLevel(id) => self.text.fill("said.base_level", &[("driver", self.quantity(id))]),
            Phrase::FromTo(from, first, to, last, source) => self.span((from, *first), (to, *last), source),
            Phrase::MedianOfTowns => get("said.median_of_towns"),
            Phrase::ClassesBeside => get("said.classes_beside"),
            Phrase::OwnRow => get("said.own_row"),
            Phrase::CountedBy(Variant::PrintedInputs) => get("said.counted_inputs"),
            Phrase::CountedBy(Variant::RawFractions) => get("said.counted_fractions"),
            Phrase::CountedBy(Variant::PrintedClasses) => get("said.counted_classes"),
            Phrase::PassesOver(named, passed) => {
                let values = [("named", self.scenario(named)), ("passed", self.scenario(passed))];
                self.text.fill("said.passes_over", &values)
            }
            Phrase::AgreesWith(reading, x) => {
                let values = [("reading", reading.clone()), ("value", self.number(x))];
                self.text.fill("said.agrees_with", &values)
            }
            Phrase::CutOff => get("said.cut_off"),
            Phrase::RoundedAway => get("said.rounded_away"),
            Phrase::CutOrRounded => get("said.cut_or_rounded"),
            Phrase::NoSuchClass => get("said.no_such_class"),
            Phrase::TenTimesTooSmall => get("said.ten_times_small"),
            Phrase::TenTimesTooLarge => get("said.ten_times_large"),
            Phrase::OneCount => get("said.one_count"),
            Phrase::Implied(totals) => {
                let total = |(town, x): &(String, String)| format!("{} {}", self.town(town), self.number(x));
                let list = totals.iter().map(total).collect::<Vec<_>>().join(", ");
                self.text.fill("said.implied", &[("list", list)])
            }
            Phrase::TurnedRound(x) => value("said.turned_round", x),
            Phrase::WouldHaveToBe(symbol, x) => {
                let values = [("symbol", symbol.clone()), ("value", self.number(x))];
                self.text.fill("said.would_have_to_be", &values)
            }
            Phrase::Impossible(symbol, x, most) => {
                let values =
                    [("symbol", symbol.clone()), ("value", self.number(x)), ("most", self.number(most))];
                self.text.fill("said.impossible", &values)
            }
            Phrase::OtherSign => get("said.other_sign"),
            Phrase::WrongSign => get("said.wrong_sign"),
            Phrase::DividesByFinal(x) => value("said.divides_by_final", x),
            Phrase::LostComma(x) => value("said.lost_comma", x),
            Phrase::LostCommaDivides(x) => value("said.lost_comma_divides", x),
            Phrase::NotReproduced => get("said.not_reproduced"),
            Phrase::BreakNotGrowth => get("said.break_not_growth"),
            Phrase::BoundsOverlap => get("said.bounds_overlap"),
            Phrase::OneSymbol => get("said.one_symbol"),
        }
    }

    /// A sign, or what a series is said to have done.
    fn stated(&self, id: &str) -> String {
        let key = match id {
            "positive" => "said.positive",
            "negative" => "said.negative",
            "zero" => "said.zero",
            "fell" => "said.fell",
            "rose" => "said.rose",
            "halved" => "said.halved",
            "doubled" => "said.doubled",
            other => return other.to_owned(),
        };
        self.text.get(key).to_owned()
    }

    /// The scale, at values that are computed or printed somewhere.
    fn on_scale(&self, origins: &[(String, Option<String>)]) -> String {
        let origin = |(x, source): &(String, Option<String>)| match source {
            None => self.text.fill("said.by_formula", &[("value", self.number(x))]),
            Some(source) => {
                let values = [("value", self.number(x)), ("place", self.cited(source))];
                self.text.fill("said.as_printed", &values)
            }
        };
        let values = self.text.list(&origins.iter().map(origin).collect::<Vec<_>>());
        self.text.fill("said.on_scale", &[("values", values)])
    }

    /// A first value and its year, a last value and its year, and where they stand.
    fn span(&self, (from, first): (&str, i32), (to, last): (&str, i32), source: &str) -> String {
        let values = [
            ("from", self.number(from)),
            ("first", first.to_string()),
            ("to", self.number(to)),
            ("last", last.to_string()),
            ("place", self.cited(source)),
        ];
        self.text.fill("said.from_to", &values)
    }

    fn variant(&self, variant: Variant) -> String {
        if self.ids { variant.id().to_owned() } else { variant_name(variant, self.text).to_owned() }
    }
}

/// What a variant of the assessment is called.
pub(crate) fn variant_name(variant: Variant, text: &Text) -> &str {
    match variant {
        Variant::PrintedInputs => text.get("variant.printed_inputs"),
        Variant::RawFractions => text.get("variant.raw_fractions"),
        Variant::PrintedClasses => text.get("variant.printed_classes"),
    }
}
