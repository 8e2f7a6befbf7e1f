package io.procession.internal.remote;

import io.procession.serial.Codec;
import java.time.Duration;

/// What a server holds callers to that come over a network.
///
/// @param silence how long one may say nothing before it counts as gone
/// @param codec that of their connections
/// @param mostBytes how long a message from or to one may be
public record NetworkTerms(Duration silence, Codec codec, int mostBytes) {}
