package io.procession.internal.arena;

/// Where an object lives: enough to find it from any process of its session, and to know that it is
/// still the same.
///
/// @param session the session's number
/// @param cell its cell's number
/// @param generation the cell's generation when the object was made
public record CellRef(long session, int cell, int generation) {}
