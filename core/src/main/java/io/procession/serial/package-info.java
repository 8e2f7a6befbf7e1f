/// Objects to bytes and back: the codec, handles, the functional interfaces whose lambdas travel.
/// Floor 1.
///
/// @serial exclude
@NullMarked
package io.procession.serial;

import org.jspecify.annotations.NullMarked;
