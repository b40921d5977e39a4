package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.conversation.Conversation;
import io.gatling.core.CoreComponents;
import io.gatling.core.session.Session;
import io.gatling.core.session.Session$;
import io.gatling.core.stats.StatsEngine;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.Option;

/** A virtual user whose action throws goes on, and is counted among Gatling's errors. */
class CrashedUserTest {

  private final EventLoop loop = new DefaultEventLoop();
  private final List<String> crashes = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Session> wentOn = new CompletableFuture<>();
  private final CoreComponents core =
      new CoreComponents(null, null, null, Option.empty(), stats(), null, null, null);
  private final LlmAction next =
      new LlmAction("next", core, null) {
        @Override
        void run(Session session) {
          wentOn.complete(session);
        }
      };

  private StatsEngine stats() {
    return (StatsEngine)
        Proxy.newProxyInstance(
            StatsEngine.class.getClassLoader(),
            new Class<?>[] {StatsEngine.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("logRequestCrash")) {
                crashes.add((String) arguments[3]);
              }
              return null;
            });
  }

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  private Session session() {
    return Session$.MODULE$.apply("chat", 1, loop);
  }

  private void pin(LongFunction<Optional<Conversation>> conversations) {
    ConversationSource source = new ConversationSource(conversations, Optional.empty());
    source.pin(core, next).$bang(source.users.assign(session(), true));
  }

  private void goesOnFailed(String message) throws Exception {
    assertThat(wentOn.get(1, TimeUnit.MINUTES).isFailed()).isTrue();
    assertThat(crashes).containsExactly(message);
  }

  @Test
  void goesOnAfterAnErrorWhileItsConversationIsMade() throws Exception {
    pin(
        number -> {
          throw new UnsatisfiedLinkError("no tokenizer");
        });

    goesOnFailed("java.lang.UnsatisfiedLinkError: no tokenizer");
  }

  @Test
  void goesOnAfterAnExceptionWhileItsConversationIsMade() throws Exception {
    pin(
        number -> {
          throw new IllegalStateException("no conversation " + number);
        });

    goesOnFailed("no conversation 0");
  }

  @Test
  void countsAnErrorWithoutTheCredentialsInIt() throws Exception {
    pin(
        number -> {
          throw new IllegalStateException("no port in http://bob:pass-1@llm:x/v1?api_key=abc");
        });

    goesOnFailed("no port in http://[redacted]@llm:x/v1?api_key=[redacted]");
  }

  @Test
  void goesOnAfterAnErrorInAnAction() throws Exception {
    new LlmAction("broken", core, next) {
      @Override
      void run(Session session) {
        throw new StackOverflowError();
      }
    }.$bang(session());

    goesOnFailed("java.lang.StackOverflowError");
  }
}
