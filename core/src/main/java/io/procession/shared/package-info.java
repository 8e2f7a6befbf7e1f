/// Memory that processes share: blocks, values, arrays, structs and lists. Floor 3.
///
/// [SharedMemory][io.procession.shared.SharedMemory] is bytes, with a public name or without;
/// [SharedValue][io.procession.shared.SharedValue] and
/// [SharedArray][io.procession.shared.SharedArray] have types, and a lock if wanted;
/// [SharedStruct][io.procession.shared.SharedStruct] is a record;
/// [ShareableList][io.procession.shared.ShareableList] is Python's.
///
/// @serial exclude
@NullMarked
package io.procession.shared;

import org.jspecify.annotations.NullMarked;
