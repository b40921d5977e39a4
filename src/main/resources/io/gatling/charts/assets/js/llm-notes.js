/* What the Tokens tab says in words. */
(function (kit) {
  'use strict';

  const el = kit.element;

  function definitions(entries) {
    return el('dl', { class: 'llm-definitions' }, entries.flatMap(entry => {
      return [el('dt', {}, [entry[0]]), el('dd', {}, [entry[1]])];
    }));
  }

  kit.runInfo = run => {
    return kit.box('tokens-run', 'Run', definitions([
      ['Simulation', run.simulation],
      ['Started', run.start],
      ['Measured', kit.rate(run.durationSeconds) + ' s, warm-up and drain left out'],
      ['Server', run.baseUrl],
      ['API', run.api],
      ['Model', run.model],
      ['Tokenizer', run.tokenizer],
      ['Seed', run.seed],
      ['Versions', [
        ['gatling-llm', run.version], ['Gatling', run.gatlingVersion], ['Java', run.javaVersion]
      ].filter(version => version[1] !== null)
        .map(version => version.join(' '))
        .join(', ')]
    ].filter(entry => entry[1] !== null && entry[1] !== '')));
  };

  kit.definitions = data => {
    const pooled = data.pages > 1
      ? [['This page', 'Responses of this name are counted together, whichever of its '
        + data.pages + ' groups of Gatling’s they ran in.']]
      : [];
    return kit.box('tokens-definitions', 'Definitions', definitions(pooled.concat([
      ['TTFT', 'Time to first token: from the moment the request was written to the first chunk that '
        + 'carries output of any kind: text, reasoning or a tool call. An empty opener does not count.'],
      ['TTFO', 'Time to first output token: the same up to the first output that is not reasoning.'],
      ['TPOT', 'Time per output token, of each response of two tokens or more: from its first chunk of '
        + 'output to its last, over output tokens − 1.'],
      ['ICL', 'Inter-chunk latency: gaps between successive chunks of output, over all responses. Other '
        + 'tools print it as ITL; here ITL is said only where each chunk is known to be one token.'],
      ['E2E', 'End-to-end latency: from the request written to the last byte of the response. NTPOT is '
        + 'E2E over output tokens.'],
      ['Output tokens/s', 'Tokens that arrived in the measured window over its length. They count '
        + 'when they arrive, not when the response ends.'],
      ['Cache hit', 'Cached over input tokens, of the responses for which the server reports it. '
        + '“Reusable” is what an earlier prompt had already sent; a server that keeps its responses, '
        + 'too, can have more.'],
      ['Cut prompts, retries', 'Prompts without the earlier turns that would not fit into the context '
        + 'window, and responses to second and later tries; told where there were any.'],
      ['Samples', 'Every figure stands on the count beside it. What the server does not report is '
        + '“not reported”, never 0. Percentiles keep three significant digits.'],
      ['Warm-up, drain', 'What came before the measured window, and after it while the last '
        + 'conversations ended: shaded in the charts over time, and in no figure or table.'],
      ['Percentiles in charts', 'A chart draws a percentile only where enough responses stand behind it '
        + 'for one to lie beyond: 20 for p95, 100 for p99, 1,000 for p99.9. n is how many there are.']
    ])));
  };
})(Llm);
