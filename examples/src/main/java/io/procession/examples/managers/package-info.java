/// Managers and what they share: types of one's own, pools, queues, synchronisation.
@NullMarked
package io.procession.examples.managers;

import org.jspecify.annotations.NullMarked;
