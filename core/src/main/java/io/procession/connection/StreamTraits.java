package io.procession.connection;

import io.procession.serial.Codec;
import java.io.Serializable;

/// What stays of the options when a stream has become a connection, and goes along when that is sent
/// to another process of the session.
///
/// @param codec for objects
/// @param maxMessageBytes longer messages are refused before memory is taken for them
/// @param receivesObjects whether who is at the other end may send objects
record StreamTraits(Codec codec, int maxMessageBytes, boolean receivesObjects)
    implements Serializable {}
