/// Servers: of managed objects for other hosts, of queues, of web pages.
@NullMarked
package io.procession.examples.network;

import org.jspecify.annotations.NullMarked;
