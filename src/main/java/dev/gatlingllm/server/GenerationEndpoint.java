package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.Outcome;
import dev.gatlingllm.server.engine.Engine;
import dev.gatlingllm.server.engine.Generation;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
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

  private final AtomicLong ids = new AtomicLong();
  private final ServerSettings settings;
  private final RequestReader reader;
  private final Load load;
  private final TextTokens textTokens;
  private final ReplyMaker replies;
  private final Engine engine;
  private final TruthLog truths;
  private final Faults faults;
  private final Executor readers;

  GenerationEndpoint(
      ServerSettings settings,
      TextTokens textTokens,
      Engine engine,
      TruthLog truths,
      Faults faults,
      Executor readers) {
    this.settings = settings;
    this.reader = new RequestReader(settings.modelName(), settings.rejectUnknownFields());
    this.load = new Load(settings.limits());
    this.textTokens = textTokens;
    this.replies = new ReplyMaker(settings);
    this.engine = engine;
    this.truths = truths;
    this.faults = faults;
    this.readers = readers;
  }

  void addTo(Routes routes) {
    for (Api api : Api.values()) {
      routes.add(HttpMethod.POST, api.path(), exchange -> take(api, exchange));
    }
  }

  private void take(Api api, Exchange exchange) {
    try {
      exchange.occupy(load.enter());
      readers.execute(() -> read(api, exchange));
    } catch (OpenAiError refusal) {
      new Trace(truths, exchange).refused(refusal.status().code());
      exchange.refuse(refusal, settings.limits().retryAfter());
    }
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
    List<Choice> choices = new ArrayList<>();
    List<Generation> generations = new ArrayList<>();
    int promptTokens = 0;
    for (Prompt prompt : request.prompts()) {
      int[] tokens = prompt.encode(textTokens);
      int maxTokens = maxTokens(request, tokens.length);
      promptTokens += tokens.length;
      for (int i = 0; i < request.n(); i++) {
        Reply reply = replies.reply(request, tokens, i, maxTokens);
        choices.add(choice(request, choices.size(), i == 0, tokens.length, reply));
        generations.add(
            engine.prepare(
                new Engine.Job(
                    tokens,
                    reply.tokenIds(),
                    reply.finishReason().end(),
                    exchange.receivedNanos())));
      }
    }
    String id = request.api().idPrefix() + ids.incrementAndGet();
    boolean stream = request.delivery().stream();
    int replyTokens = choices.stream().mapToInt(choice -> choice.reply().tokens()).sum();
    trace.accepted(id, promptTokens, stream ? replyTokens : 0);
    ReplyJson json =
        new ReplyJson(
            request.api(),
            id,
            request.model(),
            System.currentTimeMillis() / 1000,
            settings.responses().reasoningField());
    Response response =
        stream
            ? new StreamedReply(exchange, json, trace, settings, request.delivery(), choices.size())
            : new WholeReply(exchange, json, trace, settings, choices.size());
    Runnable cancel = () -> generations.forEach(Generation::cancel);
    List<Generation.Listener> listeners = new ArrayList<>();
    for (Choice choice : choices) {
      Generation.Listener good = response.listener(choice);
      // one fault is enough: what ends the first choice's reply ends the response
      boolean faulty = fault != null && choice.index() == 0;
      listeners.add(
          faulty
              ? new FaultyReply(fault, choice, good, exchange, trace, cancel, json, stream)
              : good);
    }
    return () -> {
      for (int i = 0; i < choices.size(); i++) {
        generations.get(i).start(exchange.loop(), listeners.get(i));
      }
      exchange.whenGone(
          () -> {
            cancel.run();
            trace.end(Outcome.GONE);
          });
    };
  }

  private int maxTokens(GenerationRequest request, int promptTokens) throws OpenAiError {
    int limit = settings.maxModelTokens();
    int maxTokens = replies.maxTokens(request, limit - promptTokens);
    if ((long) promptTokens + maxTokens > limit) {
      throw OpenAiError.contextLengthExceeded(request.api(), limit, promptTokens, maxTokens);
    }
    return maxTokens;
  }

  private Choice choice(
      GenerationRequest request, int index, boolean first, int promptTokens, Reply reply) {
    int alternatives = request.delivery().logprobs();
    Logprobs logprobs =
        alternatives < 0 ? null : new Logprobs(replies.words(), reply.hash(), alternatives);
    return new Choice(index, first, promptTokens, reply, logprobs);
  }
}
