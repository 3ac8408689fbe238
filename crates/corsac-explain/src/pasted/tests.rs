mod not_cors;
mod people;
mod templates;
