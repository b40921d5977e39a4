/* The run and the definitions, at the end of the Tokens tab. */
(function (kit) {
  'use strict';

  const el = kit.element;

  function definitions(entries) {
    return el('dl', { class: 'llm-definitions' }, entries.flatMap(entry => {
      return [el('dt', {}, [entry[0]]), el('dd', {}, [entry[1]])];
    }));
  }

  kit.runInfo = run =>
    kit.box('tokens-run', 'Run', definitions([
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

  kit.definitions = data => {
    const pooled = data.pages > 1
      ? [['This page', 'All responses of this name, from ' + data.pages + ' groups of Gatling’s.']]
      : [];
    return kit.box('tokens-definitions', 'Definitions', definitions(pooled.concat([
      ['TTFT', 'Time to first token: from the moment the request was written to the first chunk with'
        + ' output of any kind: text, reasoning or a tool call. An empty first chunk does not count.'],
      ['TTFO', 'Time to first output token: the same, up to the first output that is not reasoning.'],
      ['TPOT', 'Time per output token of a response with at least two tokens: from its first chunk with'
        + ' output to its last, divided by output tokens − 1.'],
      ['ICL', 'Inter-chunk latency: gaps between successive chunks with output, over all responses. Other'
        + ' tools call it ITL. Here, ITL is given only if each chunk is known to be one token.'],
      ['E2E', 'End-to-end latency: from the moment the request was written to the last byte of the'
        + ' response. NTPOT is E2E divided by output tokens.'],
      ['Output tokens/s', 'Tokens that arrived in the measured window, divided by its length. Tokens count'
        + ' when they arrive, not when the response ends.'],
      ['Cache hit', 'Cached tokens divided by input tokens, over the responses that report both.'
        + ' “Reusable” is the share that an earlier prompt had already sent. A server that also caches'
        + ' its responses can exceed it.'],
      ['Cut prompts, retries', 'Prompts that omitted earlier turns to fit the context window, and'
        + ' responses to second and later attempts. Shown if there were any.'],
      ['Samples', 'The count beside each figure is its number of samples. What the server does not report'
        + ' is “not reported”, never 0. Percentiles keep three significant digits.'],
      ['Warm-up, drain', 'Time before the measured window, and time after it in which the last'
        + ' conversations ended: shaded in the charts over time, and part of no figure or table.'],
      ['Percentiles in charts', 'A chart draws a percentile only if at least one response lies beyond it:'
        + ' 20 responses for p95, 100 for p99, 1,000 for p99.9. n is the number of responses.']
    ])));
  };
})(Llm);
