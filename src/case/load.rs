//! From files to a checked case: the order of reading.

mod calibration;
mod chronicle;
mod consistency;
mod correlations;
mod delivery;
mod dynamics;
mod evaluation;
mod events;
mod factors;
mod head;
mod headline;
mod limits;
mod loader;
mod long_prices;
mod method;
mod mix;
mod monotown;
mod observed;
mod panel;
mod plausible;
mod posterior;
mod prices;
mod printed;
mod resolve;
mod scenarios;
mod screen;
mod stresses;
mod towns;
mod transition;

use std::collections::BTreeMap;

use super::fault::Faults;
use super::setting::{self, Setting};
use super::source::Source;
use super::toml_lines::TomlLines;
use super::toml_reader::Node;
use super::{Case, CaseFactors, InputFile, Limit, Method, Name};
use loader::Loader;

impl Case {
    /// Reads and checks a case, with some values overridden.
    ///
    /// # Errors
    /// [`Faults`]: every fault of the case, each with file, place, value and what is allowed.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Case, Setting, Source};
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// assert_eq!(case.towns.len(), 8);
    /// let wrong = Setting::parse("drivers.unemployment.sigma=-1").unwrap();
    /// let faults = Case::load(&Source::embedded(), &[wrong]).unwrap_err();
    /// assert!(faults.to_string().contains("'-1' is not allowed (a number from 0 to 100)"));
    /// # Ok::<(), boljam::case::Faults>(())
    /// ```
    pub fn load(source: &Source, settings: &[Setting]) -> Result<Self, Faults> {
        load(source, settings)
    }
}

/// Reads and checks a case.
fn load(source: &Source, settings: &[Setting]) -> Result<Case, Faults> {
    let mut loader = Loader::new(source, settings);
    let table = loader.toml("case.toml");
    if table.is_empty() {
        // Nothing else can be read without it.
        return Err(consistency::all_faults(loader.faults, loader.broken, &loader.lines, settings));
    }
    let top = Node::new("case.toml", String::new(), &table);
    let head = head::read(&mut loader, &top, &table);
    let (commodities, prices) = prices::read(&mut loader, &top, head.base_year);
    let commodity_ids: Vec<String> = commodities.iter().map(|c| c.id.clone()).collect();
    let region_mix = mix::read_region(&mut loader, &top, &commodity_ids);
    let names = read_names(&mut loader, &top);
    let method = method::read(&mut loader, &head.scenario_ids);
    let towns = towns::read(&mut loader, &top, &commodity_ids, &method);
    top.finish(&mut loader.faults);
    let town_ids: Vec<String> = towns.iter().map(|t| t.id.clone()).collect();
    let dynamics = dynamics::read(&mut loader, &method, &towns, &head);
    let scenarios = scenarios::read(&mut loader, &head, &town_ids, &dynamics.drivers);
    let method = resolve::resolve(&mut loader, method, &dynamics, &towns);
    transition::check(&dynamics, &mut loader.faults);
    let posterior = posterior::read(&mut loader, &dynamics);
    let known =
        stresses::Known { commodities: &commodity_ids, events: &dynamics.events, drivers: &dynamics.drivers };
    let stresses = stresses::read(&mut loader, &head.stress_ids, known);
    let long_prices = long_prices::read(&mut loader, &commodity_ids);
    let rows = panel::read(&mut loader, &town_ids);
    let calibration = calibration::read(&mut loader, &dynamics.drivers, &town_ids, &rows);
    let chronicle = chronicle::read(&mut loader, &towns, &dynamics.events);
    let limits = read_limits(&mut loader, &dynamics, method.as_ref());
    let consumer_prices = panel::read_consumer_prices(&mut loader);
    let factors = factors::read(&mut loader);
    let printed = printed::read(&mut loader, &town_ids);
    let files: Vec<&str> = source.files.keys().map(String::as_str).collect();
    setting::check_files(settings, &files, &mut loader.faults);
    consistency::check_histories(&dynamics.drivers, &rows, &consumer_prices, &head, &mut loader.faults);
    let (panel, odd) = screen::screen(rows, &dynamics.drivers);
    loader.notices.extend(odd);
    if let Some(method) = &method {
        if loader.broken.0.is_empty() {
            let units = (dynamics.drivers.as_slice(), method, commodities.as_slice());
            consistency::check_unused_names(&names, units, (&panel, &printed), &mut loader.notices);
        }
        consistency::check_base_year(&towns, &dynamics, method, &mut loader);
    }
    let observed = method.as_ref().map_or_else(Vec::new, |method| {
        let (base_year, dynamics, towns) = (head.base_year, &dynamics, towns.as_slice());
        let (panel, consumer_prices) = (panel.as_slice(), consumer_prices.as_slice());
        observed::read(
            &mut loader,
            &observed::Known { base_year, towns, dynamics, method, panel, consumer_prices },
        )
    });
    let Loader { faults, broken, assumptions, mut notices, read, lines, .. } = loader;
    let faults = consistency::all_faults(faults, broken, &lines, settings);
    let (Some(method), true) = (method, faults.0.is_empty()) else { return Err(faults) };
    towns::note_edges(&towns, &dynamics.drivers, &method, &mut notices);
    dynamics.note_shares(&mut notices);
    let files = source.files.iter().map(|(name, text)| InputFile { name: name.clone(), text: text.clone() });
    let mut case = Case {
        reference: head.scenario_ids.iter().position(|s| *s == head.reference).unwrap_or(0),
        id: head.id,
        region: head.region,
        base_year: head.base_year,
        known_until: head.known_until,
        horizon: head.horizon,
        seed: head.seed,
        plan_correlation: head.plan_correlation,
        plan_shape: head.plan_shape,
        delivery_correlation: head.delivery_correlation,
        towns,
        scenarios,
        drivers: dynamics.drivers,
        correlation: dynamics.correlation,
        cross_impacts: dynamics.cross_impacts,
        posterior,
        region_indices: dynamics.region_indices,
        region_mix,
        events: dynamics.events,
        commodities,
        long_prices,
        prices,
        stresses,
        method,
        panel,
        calibration,
        factors: CaseFactors::default(),
        observed,
        chronicle,
        limits,
        consumer_prices,
        printed,
        names,
        assumptions,
        notices,
        files: files.collect(),
    };
    case.factors = resolve_factors(factors, &case, &lines, settings)?;
    let odd = [plausible::notices(&case, &read), case.out_of_reach(case.horizon), evaluation::notices(&case)];
    case.notices.extend(odd.into_iter().flatten());
    Ok(case)
}

/// What the numbers may be, of a case that is otherwise whole.
fn resolve_factors(
    draft: factors::Draft,
    case: &Case,
    lines: &BTreeMap<String, TomlLines>,
    settings: &[Setting],
) -> Result<CaseFactors, Faults> {
    let mut faults = Faults::default();
    let factors = factors::resolve(draft, case, settings, &mut faults);
    if faults.0.is_empty() {
        return Ok(factors);
    }
    Err(consistency::all_faults(faults, Faults::default(), lines, settings))
}

/// Limits speak of drivers and of counts of persons.
fn read_limits(
    loader: &mut Loader<'_>,
    dynamics: &dynamics::Dynamics,
    method: Option<&Method>,
) -> Vec<Limit> {
    let drivers: Vec<String> = dynamics.drivers.iter().map(|d| d.id.clone()).collect();
    let persons = method.map_or_else(Vec::new, |m| m.persons.iter().map(|p| p.id.clone()).collect());
    limits::read(loader, &drivers, &persons)
}

/// Names for people of units and indicators; the table may be left out.
fn read_names(loader: &mut Loader<'_>, top: &Node<'_>) -> BTreeMap<String, Name> {
    if !top.has("names") {
        return BTreeMap::new();
    }
    top.node("names", &mut loader.faults).map_or_else(BTreeMap::new, |n| n.names(&mut loader.faults))
}
