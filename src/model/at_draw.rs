//! The model with its parameters fixed at one of their draws.

use super::compile::Model;

impl Model {
    /// The model with the parameters fixed at a draw of the posterior; itself where none are drawn.
    ///
    /// # Panics
    /// When there is no such draw.
    #[must_use]
    pub fn at_draw(&self, draw: usize) -> Self {
        let mut model = self.clone();
        let Some(law) = model.parameters.take() else { return model };
        model.noise = law.noise_at(draw, &model.noise);
        for town in &mut model.towns {
            for path in &mut town.paths {
                *path = law.path_at(draw, &town.frozen, path);
            }
        }
        model
    }
}
