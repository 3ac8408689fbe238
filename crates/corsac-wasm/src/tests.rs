mod inputs;
mod marks;
mod presets;
