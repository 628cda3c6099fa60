//! Discovery: boxes of factors in which what one looks for happens often.

mod boxes;
pub mod cart;
pub mod prim;

pub use boxes::{Bounds, Column, Restriction};
pub use cart::{Leaf, cart};
pub use prim::{Prim, Reproduced, Settings, Step, prim};
