//! A grant: one bar as long as the grant, its parts to scale, what is left hatched.
