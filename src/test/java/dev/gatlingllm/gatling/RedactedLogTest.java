package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatlingllm.text.Redactor;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedactedLogTest {

  private final LoggerContext log = new LoggerContext();
  private final Logger logger = log.getLogger("io.gatling.http.engine.response");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    RedactedLog.add(log, new Redactor("sk-12345"));
    lines.start();
    log.getLogger("root").addAppender(lines);
    logger.setLevel(Level.INFO);
  }

  private List<String> messages() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void masksSecretsInMessagesAndTheirParameters() {
    logger.error("crashed while handling {} with {}", 302, "[authorization: Bearer sk-12345]");
    logger.info("no secret in {}", "here");
    logger.debug("below the level: sk-12345");

    assertThat(messages())
        .containsExactly(
            "crashed while handling 302 with [authorization: Bearer [redacted]]",
            "no secret in here");
    assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.ERROR);
    assertThat(lines.list.get(0).getLoggerName()).isEqualTo(logger.getName());
  }

  @Test
  void masksSecretsInExceptions() {
    logger.error("failed", new IllegalStateException(new RuntimeException("key sk-12345")));
    logger.error("failed", new IllegalStateException("no secret"));

    assertThat(messages().get(0))
        .startsWith("failed\njava.lang.IllegalStateException")
        .contains("Caused by: java.lang.RuntimeException: key [redacted]\n")
        .doesNotContain("sk-12345");
    assertThat(lines.list.get(0).getThrowableProxy()).isNull();
    assertThat(lines.list.get(1).getThrowableProxy().getMessage()).isEqualTo("no secret");
  }

  @Test
  void masksSecretsInAnExceptionThatIsTheLastParameter() {
    logger.error("failed at {}", "start", new IllegalStateException("key sk-12345"));
    logger.error("failed {} with sk-12345", 1, new IllegalStateException("the cause"));

    assertThat(messages().get(0))
        .startsWith("failed at start\njava.lang.IllegalStateException: key [redacted]");
    assertThat(lines.list.get(1).getFormattedMessage()).isEqualTo("failed 1 with [redacted]");
    assertThat(lines.list.get(1).getThrowableProxy().getMessage()).isEqualTo("the cause");
  }

  @Test
  void dropsControlCharactersButNoLineBreaks() {
    logger.info("a\u001b[31m\u202eb\n\tc");

    assertThat(messages()).containsExactly("a[31mb\n\tc");
  }

  /** U+009B begins the same sequences of a terminal, and a lone return overwrites the line. */
  @Test
  void dropsControlCharactersBeyondAscii() {
    logger.info("a\u009b31mb\u0085\rc\r\nd");

    assertThat(messages()).containsExactly("a31mbc\r\nd");
  }
}
