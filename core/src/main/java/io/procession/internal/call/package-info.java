/// Methods of interfaces, by the words that they have in messages. Floor 1.
@NullMarked
package io.procession.internal.call;

import org.jspecify.annotations.NullMarked;
