/* What the server's own metrics tell: where the time to first token went, whether both sides count the same,
   and the server's load over time, under the client's charts. */
(kit => {
  'use strict';

  const SHARED = ['running', 'waiting'];

  function shownLines(data) {
    return data.server?.lines ?? [];
  }

  function formatOf(unit) {
    return unit === '%' ? kit.percent : kit.figure;
  }

  /* Requests in the server, under the client's streams. */
  kit.serverLoadOverTime = data => {
    const lines = shownLines(data).filter(line => SHARED.includes(line.key));
    return lines.length === 0 ? null : kit.overTime(data)('tokens-server-load', [], () => ({
      title: 'Server: running and waiting requests',
      caption: 'Greatest value read in each step.',
      axes: [kit.valueAxis()],
      series: lines.map(line => kit.line({
        label: line.label,
        color: line.key === 'running' ? kit.colors.blue : kit.colors.orange,
        dash: line.key === 'running' ? undefined : [5, 4],
        format: kit.figure
      })),
      columns: lines.map(line => line.values)
    }));
  };

  /* Any other metric of the server. */
  kit.serverOverTime = data => kit.chartOfOne('tokens-server-over-time',
    shownLines(data).filter(line => !SHARED.includes(line.key)), line => line.label, line => ({
      title: 'Server: ' + line.label + (line.unit ? ' (' + line.unit + ')' : ''),
      caption: line.unit === '' ? 'Greatest value read in each step.' : '',
      scales: line.unit === '%' ? { y: kit.percentScale } : {},
      axes: [line.unit === '%' ? kit.percentAxis() : kit.valueAxis()],
      series: [kit.line({ label: line.label, color: kit.colors.violet, format: formatOf(line.unit) })],
      columns: [line.values]
    }), kit.overTime(data));

  /* The parts of the mean TTFT that are known: name, milliseconds, what they are. */
  function partsOf(ttft) {
    const { client, server, queue, prefill, networkGatewayClient } = ttft;
    const rest = server === null || queue === null || prefill === null ? null : server - queue - prefill;
    // as TtftParts.muchElse
    const isMuch = rest !== null && rest >= 50 && rest >= 0.1 * server;
    const inServer = queue === null && prefill === null
      ? [['Server', server, '']]
      : [['Queue', queue, 'in the server'], ['Prefill', prefill, 'in the server'],
        isMuch ? ['Not known', rest, 'in the server: queue and prefill of requests that had not ended, or other work']
          : ['Rest of the server', rest, 'such as reading the request and the template']];
    return client === null || server === null ? []
      : [...inServer, ['Network, gateway, client', networkGatewayClient, '']].filter(([, value]) => value !== null);
  }

  function ttftTable(data) {
    const { ttft } = data.server;
    const parts = partsOf(ttft);
    const share = value => kit.fixed(100 * value / ttft.client, 1);
    const row = ([name, value, words]) => ({
      name,
      words: words || undefined,
      cells: [{ raw: value, text: kit.figure(value) }, { raw: 100 * value / ttft.client, text: share(value) }]
    });
    return parts.length === 0 ? [] : [kit.table({
      id: 'tokens-server-ttft',
      title: 'Where TTFT went',
      narrow: true,
      columns: [{ name: 'Part of the mean' }, { name: 'ms' }, { name: 'Share', unit: '%' }],
      rows: [...parts, ['TTFT of the client', ttft.client, '']].map(row),
      below: 'From sums and counts of the measured window. Servers record queue and prefill when a request ends:'
        + ' these are of the requests that ended in the window, so a part may be slightly negative, and where a queue'
        + ' grows, much of it is missing. Where both are far longer than the server\'s TTFT, they are left out: they are'
        + ' of other requests.'
    })];
  }

  function tokensTable(data) {
    const rows = [['Output', 'output'], ['Input', 'input'], ['Cached', 'cached']]
      .map(([name, key]) => [name, data.server.tokens[key]])
      .filter(([, counts]) => counts.server !== null);
    const perJoule = data.server.tokensPerJoule;
    const cell = (value, format) => value === null
      ? { raw: null, content: [kit.absent()] } : { raw: value, text: format(value) };
    return rows.length === 0 ? [] : [kit.table({
      id: 'tokens-server-counts',
      title: 'Tokens counted by both sides',
      narrow: true,
      columns: [{ name: 'Tokens' }, { name: 'Client' }, { name: 'Server' }, { name: 'Difference', unit: '%' }],
      rows: rows.map(([name, { client, server }]) => ({
        name,
        cells: [
          cell(client, kit.whole), cell(server, value => kit.whole(Math.round(value))),
          cell(client === null || client === 0 ? null : 100 * (server - client) / client, value => kit.fixed(value, 1))
        ]
      })),
      below: 'Output by arrival; input and cached tokens of the responses that ended in the window. The input of'
        + ' abandoned responses, and what is under way at the borders of the window, is counted by one side only.'
        + (perJoule === null ? '' : ' The server generated ' + kit.figure(perJoule) + ' tokens per joule of its GPUs.')
    })];
  }

  /* What the server did for users who had left: two bounds of each. */
  function leaversTable(data) {
    const after = data.server.afterLeaving;
    const cell = (value, format = kit.figure) => value === null
      ? { raw: null, content: [kit.absent()] } : { raw: value, text: format(value) };
    return !after ? [] : [kit.table({
      id: 'tokens-server-leavers',
      title: 'For users who had left',
      narrow: true,
      columns: [{ name: 'What the server did' }, { name: 'At least' }, { name: 'At most' }],
      rows: [
        { name: 'Tokens', cells: [after.tokensAtLeast, after.tokensAtMost].map(tokens => cell(tokens, value => kit.whole(Math.round(value)))) },
        { name: 'Mean time in the server (ms)', cells: [cell(after.slotMillisAtLeast), cell(after.slotMillisAtMost)] }
      ],
      below: 'Of the whole run: what the server counted, less what arrived here. Tokens on the way when a user left are'
        + ' among them. What it does after the run is not.'
    })];
  }

  function endpointsTable(data) {
    return kit.table({
      id: 'tokens-server-endpoints',
      title: 'Metrics endpoints',
      columns: [{ name: 'Address' }, { name: 'Readings' }, { name: 'Failed' }, { name: 'Restarts' }, { name: 'Output tokens' }],
      rows: data.server.endpoints.map(endpoint => ({
        name: endpoint.url,
        words: endpoint.problem ?? undefined,
        cells: [endpoint.readings, endpoint.failures, endpoint.restarts].map(count => ({ raw: count, text: kit.whole(count) }))
          .concat(endpoint.outputTokens === null ? { raw: null, content: [kit.absent()] }
            : { raw: endpoint.outputTokens, text: kit.whole(Math.round(endpoint.outputTokens)) })
      }))
    });
  }

  /* The tables about the server, if its metrics were read. */
  kit.server = data => data.server === null || data.server === undefined ? []
    : [...ttftTable(data), ...tokensTable(data), ...leaversTable(data), endpointsTable(data)];
})(Llm);
