package io.procession.stress.soak;

/// What the processes of a soak have done.
record Report(Grounds grounds, Places places) {
  void print() {
    Roster roster = grounds.roster();
    long visits = 0;
    int deaths = 0;
    System.out.printf("%-34s %12s %12s%n", "", "operations", "owner deaths");
    for (Station station : grounds.stations()) {
      long count = roster.sum(places.started(), station.index(), Roster.VISITS);
      System.out.printf("%-34s %12d %12d%n", station.name(), count, station.ownerDeaths());
      visits += count;
      deaths += station.ownerDeaths();
    }
    System.out.printf("%-34s %12d %12d%n", "all", visits, deaths);
    System.out.printf(
        "processes: %d, killed: %d (%d of them before their first step)%n",
        places.started() - 1, places.kills(), places.killedYoung());
  }
}
