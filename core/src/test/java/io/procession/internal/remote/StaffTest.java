package io.procession.internal.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who has processes at a server learns of its end.
class StaffTest {
  private final Staff staff = new Staff();
  private final List<Staffed> told = new ArrayList<>();

  private Staffed one() {
    return new Staffed() {
      @Override
      public void serverEnds() {
        told.add(this);
      }
    };
  }

  @Test
  void eachIsToldOnce() {
    Staffed one = one();
    Staffed other = one();
    staff.add(one);
    staff.add("no staff");
    staff.add(other);
    staff.add(one); // held again
    staff.end();
    staff.end();
    assertThat(told).containsExactlyInAnyOrder(one, other);
  }

  @Test
  void whoComesAfterTheEndIsToldAtOnce() {
    staff.end();
    Staffed late = one();
    staff.add(late);
    assertThat(told).containsExactly(late);
  }

  @Test
  void oneThatCannotBeToldKeepsNoOthers() {
    List<Staffed> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Staffed one = i == 5 ? StaffTest::failing : one();
      all.add(one);
      staff.add(one);
    }
    assertThatThrownBy(staff::end).isInstanceOf(OutOfMemoryError.class);
    assertThat(told).hasSize(9).isSubsetOf(all);
  }

  private static void failing() {
    throw new OutOfMemoryError("no thread");
  }
}
