package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.order.Orders;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// A worker that is stopped answers nothing: its pipe must not be filled with questions, since who asks
/// would wait for ever then.
class QuestionsTest {
  private final List<byte[]> orders = new ArrayList<>();

  private final Orders.Addressee stopped =
      new Orders.Addressee() {
        @Override
        public void order(byte[] order) {
          orders.add(order);
        }

        @Override
        public void kill() {}
      };

  @Test
  void workerThatAnswersNothingIsAskedNoMore() {
    Questions questions = new Questions();
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i <= Questions.MOST; i++) {
      answers.add(questions.ask(stopped));
    }

    assertThat(orders).hasSize(Questions.MOST);
    assertThat(answers.getLast()).isCompletedWithValue("");
    assertThat(answers.getFirst()).isNotDone();

    questions.drop();
    assertThat(answers).allMatch(answer -> answer.join().isEmpty());
    assertThat(questions.ask(stopped)).isNotDone();
  }
}
