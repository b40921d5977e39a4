package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class TimedListenerTest {

  @Test
  void namesTheCauseAtTheBottom() {
    Throwable thrown = new IOException("outer", new ConnectException("Connection refused"));

    assertThat(TimedListener.describe(thrown)).isEqualTo("Connection refused");
  }

  @Test
  void saysThatAHostIsUnknown() {
    assertThat(TimedListener.describe(new UnknownHostException("llm.example")))
        .isEqualTo("unknown host llm.example");
  }

  @Test
  void namesTheClassOfACauseWithoutAMessage() {
    assertThat(TimedListener.describe(new ClosedChannelException()))
        .isEqualTo("ClosedChannelException");
  }
}
