package io.procession.pool;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/// Turns the events of pools on when a recorder of the JDK is started. Loaded only where there is the
/// module of it.
final class FlightStart implements FlightRecorderListener {
  private FlightStart() {}

  static void listen() {
    FlightRecorder.addListener(new FlightStart());
  }

  @Override
  public void recorderInitialized(FlightRecorder recorder) {
    Flights.turnOn();
  }
}
