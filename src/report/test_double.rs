//! Results made up for tests: two towns, two scenarios, two years, three quantities.

use crate::analyse::Verdict;
use crate::analyse::{
    Bin, Cell, CommodityPrices, Distribution, Estimate, HeadlinePlaces, Mark, Paired, PriceCorrelation,
    PriceYear, Prices, Quantity, QuantityKind, Results, ScaleClass, ScaledComposite, ScenarioResults, Setup,
    Split, Together, TogetherYear, TownResults,
};
use crate::case::{Better, Name};

/// A name that is in its own letters in each language.
pub(crate) fn name(en: &str) -> Name {
    Name { en: en.to_owned(), kk: "атауы".to_owned(), ru: "имя".to_owned() }
}

pub(crate) fn estimate(value: f64, mcse: f64) -> Estimate {
    Estimate::new(value, mcse)
}

/// A distribution around a centre: quantiles one apart, sd 2.
pub(crate) fn distribution(centre: f64) -> Distribution {
    let mut quantiles = std::array::from_fn(|k| {
        let value = centre + k as f64 - 5.0;
        Estimate { ends: Some((value - 0.25, value + 0.5)), ..estimate(value, 0.1) }
    });
    quantiles[0].mark = Some(Mark::Bound);
    quantiles[1].ends = Some((f64::NEG_INFINITY, quantiles[1].value + 0.5));
    let bin = |low: f64, count| Bin { low, high: low + 4.0, count };
    Distribution {
        mean: estimate(centre, 0.1),
        mean_cv: None,
        sd: estimate(2.0, 0.05),
        min: centre - 6.0,
        max: centre + 6.0,
        quantiles,
        bins: [bin(centre - 6.0, 100), bin(centre - 2.0, 0), bin(centre + 2.0, 900)].into_iter().collect(),
    }
}

fn quantity(id: &str, unit: &str, better: Better, kind: QuantityKind) -> Quantity {
    let paired = id == "unemployment";
    Quantity {
        id: id.to_owned(),
        label: name(id),
        unit: unit.to_owned(),
        unit_name: None,
        better,
        kind,
        paired,
        main: paired,
    }
}

fn cell() -> Cell {
    let some = |values: [f64; 2], mcse| values.map(|v| estimate(v, mcse)).to_vec();
    Cell {
        quantities: vec![distribution(20.0), distribution(5.0), distribution(500.0)],
        classes: vec![vec![estimate(0.1, 0.01), estimate(0.7, 0.02), estimate(0.2, 0.01)]],
        undefined: vec![estimate(0.0, 0.0)],
        votes: some([2.0, 3.0], 0.1),
        no_lead: estimate(0.0, 0.0),
        lead: some([0.3, 0.7], 0.004),
        lead_alone: some([0.2, 0.6], 0.004),
        lead_among: some([0.4, 0.8], 0.004),
        margin: estimate(1.5, 0.02),
    }
}

fn prices() -> Prices {
    let fan = |centre: f64| {
        let year =
            |c: f64| PriceYear { quantiles: std::array::from_fn(|k| estimate(c + k as f64 - 5.0, 0.5)) };
        vec![year(100.0), year(centre)]
    };
    let copper = CommodityPrices {
        id: "copper".to_owned(),
        name: name("copper"),
        unit: "$/t, real".to_owned(),
        unit_name: None,
        observed: vec![(2020, 90.0), (2021, 100.0)],
        level: Some(95.0),
        towns: vec![("aksu".to_owned(), name("Aksu"), 1.0)],
        stress: vec![1.0, 0.5],
        all: fan(60.0),
        walk: Some(fan(55.0)),
        reverting: Some(fan(65.0)),
    };
    let pair = |b: &str, listed: f64| PriceCorrelation {
        a: "copper".to_owned(),
        b: b.to_owned(),
        listed,
        realised: None,
        history: None,
        history_interval: None,
        history_changes: 1,
    };
    let known = PriceCorrelation {
        realised: Some(0.7),
        history: Some(0.5),
        history_interval: Some((-0.2, 0.9)),
        history_changes: 12,
        ..pair("zinc", 0.75)
    };
    let correlations = vec![known, pair("lead", 0.5)];
    Prices { runs: 1000, given: 0, commodities: vec![copper], correlations }
}

fn scenario(id: &str, complete: bool) -> ScenarioResults {
    let paired =
        || Paired { quantity: 1, difference: distribution(-1.0), better: Some(estimate(0.83, 0.004)) };
    let split = Split {
        change: estimate(-12.5, 0.1),
        enterprise: estimate(-4.5, 0.1),
        other: estimate(-8.0, 0.1),
        logit_change: estimate(-0.7, 0.01),
        logit_plan: estimate(0.1, 0.01),
        logit_price: estimate(-0.3, 0.01),
        logit_events: estimate(-0.1, 0.01),
        logit_deviation: estimate(0.0, 0.01),
        logit_other: estimate(-0.4, 0.01),
    };
    ScenarioResults {
        id: id.to_owned(),
        name: name(id),
        years: vec![cell(), cell()],
        plan: vec![vec![20.5, 21.5], vec![5.5, 4.5], vec![550.0, 450.0]],
        paired: (id != "steady").then(|| vec![vec![paired()], vec![paired()]]),
        first_passage: vec![vec![Estimate::default(); 2], vec![Estimate::default(), estimate(0.2, 0.001)]],
        split: vec![Split::default(), split],
        observed_prices: vec![vec![0.0, 0.125]],
        all_prices: vec![vec![0.0, 0.25]],
        input_share: (!complete).then(|| vec![vec![1.0, 0.25]; 3]),
    }
}

fn town(id: &str, complete: bool) -> TownResults {
    TownResults {
        id: id.to_owned(),
        name: name(id),
        complete,
        scenarios: vec![scenario("steady", complete), scenario("bold", complete)],
        chronicle: Vec::new(),
        tile: None,
        history: vec![Vec::new(); 3],
        observed: vec![Vec::new(); 3],
    }
}

/// One outcome under one scenario.
fn together() -> Together {
    let year = |two: f64| TogetherYear {
        exactly: [0.7 - two, 0.3, two].map(|p| estimate(p, 0.01)).to_vec(),
        at_least: [1.0, 0.3 + two, two].map(|p| estimate(p, 0.01)).to_vec(),
    };
    let (scenario, name) = ("steady".to_owned(), name("steady"));
    Together { scenario, name, outcome: 1, years: vec![year(0.0), year(0.25)] }
}

/// The made-up results: 1000 runs.
pub(crate) fn results() -> Results {
    let class = |rank: usize, id: &str, upper: f64| ScaleClass {
        id: id.to_owned(),
        name: name(id),
        rank: (rank, 3),
        upper,
    };
    Results {
        setup: Setup {
            case: "steppe".to_owned(),
            region: name("Steppe"),
            runs: 1000,
            seed: 7,
            version: "0.1.0".to_owned(),
            years: vec![2021, 2035],
            uncertainty: "all".to_owned(),
            known_until: None,
            stress: None,
            stress_name: None,
        },
        quantities: vec![
            quantity("TDea", "index", Better::Higher, QuantityKind::Composite(0)),
            quantity("unemployment", "%", Better::Lower, QuantityKind::Driver(0)),
            quantity("unemployed", "persons", Better::Lower, QuantityKind::Persons(0)),
        ],
        scaled: vec![ScaledComposite {
            symbol: "TDea".to_owned(),
            label: name("economy"),
            classes: vec![class(0, "low", 10.0), class(1, "average", 25.0), class(2, "high", 40.0)],
        }],
        last_resort: Some(1),
        headline: HeadlinePlaces { index: Some(0), rate: Some(1), people: Some(2) },
        first_passages: vec![
            ("leaves".to_owned(), name("leaves monotown status")),
            ("distress".to_owned(), name("distress")),
        ],
        towns: vec![town("aksu", true), town("belsu", false)],
        together: vec![together()],
        undefined: Vec::new(),
        verdicts: vec![Verdict::UNTESTED; 3],
        prices: prices(),
        candidates: vec![("steady".to_owned(), name("steady")), ("bold".to_owned(), name("bold"))],
    }
}
