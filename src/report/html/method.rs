//! How it was reckoned: the method with the case's own formulas, the dynamics in short, the limits.

use maud::{Markup, html};

use super::Page;
use super::figure::is_sheet_of;
use super::parts::{TableRow, cell, inline, original, table, unfold};
use crate::case::{Class, Link, SubIndicatorKind};
use crate::report::words::{number, unit};

/// The figure that belongs to the audit.
pub(super) const OF_AUDIT: &str = "audit";

impl Page<'_> {
    pub(super) fn method(&self) -> Markup {
        let body = html! {
            h3 { (self.get("page.method_score")) }
            @for key in ["method.score", "method.vote"] { p { (inline(self.get(key))) } }
            (self.indices())
            (unfold(self.get("page.sub_indicators"), true, &self.sub_indicators()))
            h3 { (self.get("page.method_move")) }
            @for key in ["method.plan", "method.chance", "method.prices", "method.missing", "method.error"] {
                p { (inline(self.get(key))) }
            }
            (unfold(self.get("page.drivers"), true, &self.drivers()))
            @if !self.results.prices.correlations.is_empty() {
                (unfold(self.get("page.price_correlations"), false, &self.price_correlations()))
            }
            (self.outcomes())
            (self.source_faults())
            (self.caveats())
        };
        Self::section("method", self.get("page.method"), &body)
    }

    /// The composites with formula, scale and the scenarios that each class speaks for.
    fn indices(&self) -> Markup {
        let header = ["page.index", "page.formula", "page.scale"].map(|key| self.get(key).to_owned());
        let rows = self.case.method.composites.iter().map(|c| {
            let label = html! { (c.symbol) " " small { (self.text.name(&c.label)) } };
            let scale = c.scale.as_deref().unwrap_or_default();
            let scale = html! {
                @for (k, class) in scale.iter().enumerate() {
                    div { (self.class(class, k + 1 == scale.len())) }
                }
            };
            TableRow::plain(vec![label, html! { code { (c.formula) } }, scale])
        });
        table(self.get("page.indices"), &header, &rows.collect::<Vec<_>>())
    }

    fn class(&self, class: &Class, last: bool) -> String {
        let name = self.text.name(&self.case.method.levels[class.level].name);
        let values = [("class", name), ("bound", &number(self.text, class.upper))];
        let bounds = self.text.fill(if last { "assess.above" } else { "assess.to" }, &values);
        let votes = class.votes.iter().enumerate().filter(|(_, votes)| **votes);
        let votes: Vec<String> = votes.map(|(s, _)| self.candidate(s).to_owned()).collect();
        format!("{bounds}: {}", self.text.list(&votes))
    }

    fn sub_indicators(&self) -> Markup {
        let header = ["page.input", "page.unit", "page.formula"].map(|key| self.get(key).to_owned());
        let rows = self.case.method.sub_indicators.iter().map(|s| {
            let label = html! { (s.symbol) " " small { (self.text.name(&s.label)) } };
            let formula = match &s.kind {
                SubIndicatorKind::Formula(formula) => html! { code { (formula) } },
                SubIndicatorKind::Switch => cell(self.get("page.by_events")),
            };
            TableRow::plain(vec![label, cell(unit(self.text, self.case, &s.unit)), formula])
        });
        table(self.get("page.sub_indicators"), &header, &rows.collect::<Vec<_>>())
    }

    fn drivers(&self) -> Markup {
        let header = [
            "backtest.driver",
            "page.link",
            "page.sigma",
            "page.persistence",
            "page.exposure",
            "assumptions.basis",
        ];
        let header = header.map(|key| self.get(key).to_owned());
        let rows = self.case.drivers.iter().map(|d| {
            let label = html! { (self.text.name(&d.label)) " " small { code { (d.id) } } };
            let link = match d.link {
                Link::Log => "ln x",
                Link::Logit => "ln(x / (100 - x))",
                Link::Identity => "x",
            };
            let numbers = [d.sigma, d.persistence, d.price_exposure].map(|x| cell(&self.text.number(x, 2)));
            let [sigma, persistence, exposure] = numbers;
            TableRow::plain(vec![
                label,
                html! { code { (link) } },
                sigma,
                persistence,
                exposure,
                original(&d.basis),
            ])
        });
        table(self.get("page.drivers"), &header, &rows.collect::<Vec<_>>())
    }

    /// Conditions of the outcomes that come once, the growth of the population.
    fn outcomes(&self) -> Markup {
        html! {
            ul {
                @for outcome in &self.case.method.first_passages {
                    li {
                        (self.text.fill(
                            if outcome.lasting == 1 { "page.condition_once" } else { "page.condition" },
                            &[
                                ("outcome", self.text.name(&outcome.label)),
                                ("years", &self.text.counted("years", outcome.lasting as u64)),
                            ],
                        ))
                        " " code { (outcome.condition) }
                    }
                }
                li { (self.get("page.population")) " " code { (self.case.method.population_growth) } }
            }
        }
    }

    /// What the audit found about the source as a whole.
    fn source_faults(&self) -> Markup {
        let count = |holds: &dyn Fn(&&crate::assess::Finding) -> bool| {
            self.audit.iter().filter(holds).count().to_string()
        };
        let values = [
            ("count", self.audit.len().to_string()),
            ("classes", count(&|f| !f.effect.classes.is_empty())),
            ("votes", count(&|f| f.effect.votes.is_some())),
            ("leads", count(&|f| f.effect.lead.is_some())),
        ];
        let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
        let towns: Vec<&str> = self.case.towns.iter().map(|t| t.id.as_str()).collect();
        let common: Vec<_> = self.audit.iter().filter(|f| !towns.contains(&f.town.as_str())).collect();
        html! {
            h3 { (self.get("page.audit")) }
            p { (self.text.fill("page.audit_all", &values)) }
            @for picture in self.pictures.iter().filter(|p| is_sheet_of(&p.name, OF_AUDIT)) { (self.figure(picture)) }
            @if !common.is_empty() {
                (unfold(self.get("page.audit_common"), false,
                    &self.findings(self.get("page.audit_common"), &common)))
            }
        }
    }
}
