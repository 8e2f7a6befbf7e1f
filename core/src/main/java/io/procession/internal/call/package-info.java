/// Methods of interfaces, by the words that they have in messages. Floor 1: imports nothing of
/// ours.
@NullMarked
package io.procession.internal.call;

import org.jspecify.annotations.NullMarked;
