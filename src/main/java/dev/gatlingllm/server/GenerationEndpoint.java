package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.Outcome;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request for a reply to a generation under way. Reading JSON and counting tokens takes
 * milliseconds for a long prompt, so it happens on threads of its own: the event loops have the
 * other streams' tokens to write.
 */
final class GenerationEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(GenerationEndpoint.class);
  private static final long REMEMBERED_BYTES = 32L << 20;

  private final AtomicLong ids = new AtomicLong();
  private final ServerSettings settings;
  private final RequestReader reader;
  private final TextTokens textTokens;
  private final ReplyWords words;
  private final Engine engine;
  private final TruthLog truths;
  private final Faults faults;
  private final Executor readers;

  GenerationEndpoint(
      ServerSettings settings, Engine engine, TruthLog truths, Faults faults, Executor readers) {
    this.settings = settings;
    this.reader = new RequestReader(settings.modelName());
    this.textTokens = new TextTokens(settings.tokenizer(), REMEMBERED_BYTES);
    this.words = new ReplyWords(settings.tokenizer());
    this.engine = engine;
    this.truths = truths;
    this.faults = faults;
    this.readers = readers;
  }

  void handle(Api api, Exchange exchange) {
    readers.execute(() -> read(api, exchange));
  }

  private void read(Api api, Exchange exchange) {
    Trace trace = new Trace(truths, exchange);
    try {
      exchange.onLoop(start(api, exchange, trace));
    } catch (OpenAiError refusal) {
      refuse(exchange, trace, refusal);
    } catch (RuntimeException e) {
      LOG.error("Could not read a request", e);
      refuse(exchange, trace, OpenAiError.internal(e));
    }
  }

  private static void refuse(Exchange exchange, Trace trace, OpenAiError refusal) {
    exchange.onLoop(
        () -> {
          trace.refused(refusal.status().code());
          exchange.refuse(refusal);
        });
  }

  /** What is to happen to a request on its event loop. */
  private Runnable start(Api api, Exchange exchange, Trace trace) throws OpenAiError {
    Fault fault = faults.forRequest(exchange);
    if (fault != null && fault.kind().place() == FaultKind.Place.INSTEAD) {
      return new InsteadOfReply(fault, exchange, trace);
    }
    return generate(api, exchange, trace, fault);
  }

  private Runnable generate(Api api, Exchange exchange, Trace trace, Fault fault)
      throws OpenAiError {
    GenerationRequest request = reader.read(api, exchange.body());
    if (settings.strictModel() && !request.model().equals(settings.modelName())) {
      throw OpenAiError.modelNotFound(request.model());
    }
    int[] prompt = promptTokens(request);
    int maxTokens = request.maxTokens();
    if ((long) prompt.length + maxTokens > settings.maxModelTokens()) {
      throw OpenAiError.contextLengthExceeded(
          api, settings.maxModelTokens(), prompt.length, maxTokens);
    }
    Reply reply = new Reply(words, settings.seed(), prompt, maxTokens);
    long received = exchange.receivedNanos();
    Generation generation =
        engine.prepare(new Engine.Job(prompt, reply.tokenIds(api), received, reply.hash()));

    String id = api.idPrefix() + ids.incrementAndGet();
    ReplyJson json = new ReplyJson(api, id, request.model(), System.currentTimeMillis() / 1000);
    trace.accepted(id, prompt.length, request.stream() ? maxTokens : 0);
    Generation.Listener good =
        request.stream()
            ? new StreamedReply(exchange, json, reply, trace, settings, request.includeUsage())
            : new WholeReply(exchange, json, reply, trace, settings);
    Generation.Listener listener =
        fault == null
            ? good
            : new FaultyReply(
                fault.in(maxTokens, reply.hash()),
                good,
                exchange,
                trace,
                generation,
                json,
                request);
    return () -> {
      generation.start(exchange.clock(), listener);
      exchange.whenGone(
          () -> {
            generation.cancel();
            trace.end(Outcome.GONE);
          });
    };
  }

  /** A chat's messages are tokenised apart: no chat template is applied. */
  private int[] promptTokens(GenerationRequest request) {
    if (request.texts().isEmpty()) {
      return request.tokens();
    }
    List<int[]> parts = request.texts().stream().map(textTokens::encode).toList();
    int[] prompt = new int[parts.stream().mapToInt(part -> part.length).sum()];
    int end = 0;
    for (int[] part : parts) {
      System.arraycopy(part, 0, prompt, end, part.length);
      end += part.length;
    }
    return prompt;
  }
}
