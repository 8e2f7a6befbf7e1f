/// Memory that processes share: blocks, values, arrays, structs and lists. Floor 3: imports `sync`
/// and below.
///
/// [SharedMemory][io.procession.shared.SharedMemory] is bytes, with a public name or without.
///
/// @serial exclude
@NullMarked
package io.procession.shared;

import org.jspecify.annotations.NullMarked;
