//! Numbers and switches of a case that a study of its sensitivity can set, by the names that `--set` gives them.

use super::Parameter;

/// A number of a case, or a switch of its structure. Towns, drivers and all else are places in the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Adjustable {
    /// `drivers.DRIVER.sigma` and the like.
    Driver(usize, Parameter),
    /// `cross_impacts.FROM.TO.long_run_effect`.
    CrossImpact(usize),
    /// `correlations.A.B.correlation` of two drivers, A before B in the alphabet.
    Correlation(usize, usize),
    /// `events.EVENT.SCENARIO`: a yearly probability.
    EventProbability(usize, usize),
    /// `events.EVENT.plan.DRIVER` or `.shock.DRIVER`: by how much an event moves a driver (event, place among its effects).
    EventEffect(usize, usize),
    /// `events.EVENT.trigger_price_below`.
    TriggerPrice(usize),
    /// `events.EVENT.trigger_multiplier`.
    TriggerMultiplier(usize),
    /// `region.INDEX.multiple`, `sd`, `sigma`, `persistence` or `price_exposure`.
    Region(usize, RegionNumber),
    /// `price_process.COMMODITY.level`, `level_se`, `reversion`, `sd_walk` or `sd_reverting`.
    Price(usize, PriceNumber),
    /// `prices.walk`.
    Walk,
    /// `prices.inflation`.
    Inflation,
    /// `case.plan_correlation`.
    PlanCorrelation,
    /// `case.delivery_correlation`.
    DeliveryCorrelation,
    /// `SCENARIO.delivery.mean`.
    DeliveryMean(usize),
    /// `SCENARIO.delivery.sd`.
    DeliverySd(usize),
    /// `SCENARIO.DRIVER.multiple`, `odds` or `add` (scenario, driver): the value is the first town's; the others move by
    /// as much on the link scale.
    PlanSize(usize, usize),
    /// `SCENARIO.DRIVER.sd`, of all towns.
    PlanSd(usize, usize),
    /// `structure.price_process`: `mixture`, `random_walk` or `mean_reversion`.
    PriceProcess,
    /// `structure.COMPOSITE`: the formula that is used (0), or one of its alternatives.
    Formula(usize),
    /// `structure.persistence`: `off` forgets every departure within the year.
    Persistence,
    /// `structure.cross_impacts`: `off` takes them all away.
    CrossImpacts,
}

/// A number of an index of the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum RegionNumber {
    Multiple,
    Sd,
    Sigma,
    Persistence,
    PriceExposure,
}

/// A number of a commodity's price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum PriceNumber {
    Level,
    LevelSe,
    Reversion,
    SdWalk,
    SdReverting,
}
